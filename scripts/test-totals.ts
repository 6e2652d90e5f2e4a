// Prints `tests: N passed, N failed` from the results that vitest wrote as JSON.
// Usage: test-totals.ts FILE EXIT_CODE_OF_VITEST
import { existsSync, readFileSync } from 'node:fs';

interface Results {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
}

const [file = '', exitCode = ''] = process.argv.slice(2);
const { numPassedTests: passed, numFailedTests } = existsSync(file)
  ? (JSON.parse(readFileSync(file, 'utf8')) as Results)
  : { numPassedTests: 0, numFailedTests: 0 };

// A file that does not load, an error outside all tests and a run that never began fail no test of
// their own. The exit code tells of them, and they count as one.
const failed = exitCode === '0' ? numFailedTests : Math.max(numFailedTests, 1);

console.log(`tests: ${passed} passed, ${failed} failed`);
