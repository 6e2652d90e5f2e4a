import { defineConfig } from 'vitest/config';

// Where CI wants the results as JSON.
const results = process.env['TEST_RESULTS'];

const BROWSER_TESTS = 'packages/ui/test/**/*.test.ts';

export default defineConfig({
  test: {
    reporters: results ? ['default', ['json', { outputFile: results }]] : ['default'],
    testTimeout: 20_000,
    hookTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['packages/*/{src,test}/**/*.test.ts', '{examples,scripts}/*.test.ts'],
          exclude: [BROWSER_TESTS, '**/node_modules/**'],
          globalSetup: ['packages/server/test/engine.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: [BROWSER_TESTS],
          globalSetup: ['packages/server/test/engine.ts', 'packages/ui/test/setup.ts'],
        },
      },
    ],
  },
});
