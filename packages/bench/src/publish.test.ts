import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readOptions } from './options.ts';
import { writeIntoPage } from './publish.ts';

const dir = mkdtempSync(join(tmpdir(), 'posthorn-bench-test-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it('refuses a page that has no place for a run', () => {
  const page = join(dir, 'page.md');
  writeFileSync(page, 'Nothing');
  const machine = {
    startedAt: '2026-02-03T14:00:00.000Z',
    command: 'npm run bench',
    commit: '1234567',
    node: 'v24.21.0',
    cpus: '2 × one',
    memoryGb: 8,
    kernel: '6.1',
    loadBefore: [0, 0, 0],
  };
  const results = { machine, options: readOptions([]), seconds: 1, rows: [], raw: [] };
  expect(() => writeIntoPage(page, results)).toThrow(/has no markers/);
});
