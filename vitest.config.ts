import { defineConfig } from 'vitest/config';

// Where CI wants the results as JSON.
const results = process.env['TEST_RESULTS'];

export default defineConfig({
  test: {
    include: ['packages/*/{src,test}/**/*.test.ts', '{examples,scripts}/*.test.ts'],
    reporters: results ? ['default', ['json', { outputFile: results }]] : ['default'],
    globalSetup: ['packages/server/test/engine.ts'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
