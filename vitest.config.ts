import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['packages/*/{src,test}/**/*.test.ts'],
    globalSetup: ['packages/server/test/engine.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
