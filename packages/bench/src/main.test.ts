import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import type { Results } from './publish.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'posthorn-bench-test-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Compiling the sources is half of a start, and a run starts some hundred processes. */
const CACHE = { NODE_COMPILE_CACHE: join(tmpdir(), 'posthorn-test-compile-cache') };

const NO_REDIS = 'there is no redis-server on the PATH';
const HEAD_LINES = 2;
const ROWS = [
  'sqlite-64',
  'sqlite-256',
  'sqlite-by-100',
  'bare-undici',
  'sqlite-share-of-undici',
  'bullmq',
  'bullmq-factor',
  'postgres-1-node',
  'postgres-2-nodes',
  'postgres-4-nodes',
  'postgres-2-workers',
  'postgres-2-workers-factor',
  'pg-boss',
  'pg-boss-factor',
  'graphile-worker',
  'graphile-worker-factor',
  'latency-p50',
  'latency-p99',
  'isolation-baseline-p99',
  'isolation-p99',
  'isolation-factor',
  'stored',
  'stored-share',
  'stored-start',
  'empty-start',
  'waiting',
  'waiting-share',
  'waiting-memory',
  'waiting-start',
  'memory-idle',
  'memory-64',
  'memory-256',
];

it('measures every row, in short, and puts all into a table, a file and a page', async () => {
  const page = join(dir, 'page.md');
  writeFileSync(page, 'Before\n<!-- bench -->\nolder\n<!-- /bench -->\nAfter\n');
  const short = '--quick --seconds 0.2 --warm-up 0 --stored 2000 --waiting 500'.split(' ');
  const { code, stdout, stderr } = await bench([...short, '--results', dir, '--write', page]);

  expect(code, stderr).toBe(0);
  const { rows } = resultsOf(stdout);
  expect(rows.map((row) => row.name)).toEqual(ROWS);
  for (const { name, samples, missing } of rows) {
    if (missing !== null) expect(missing, name).toBe(NO_REDIS);
    else expect(Math.min(...samples), name).toBeGreaterThan(0);
  }
  const lines = stdout.split('\n').filter((line) => line.startsWith('| '));
  expect(lines).toHaveLength(HEAD_LINES + ROWS.length);
  const written = readFileSync(page, 'utf8');
  expect(written).toContain(lines.join('\n'));
  expect(written).not.toContain('older');
  expect(written).toMatch(/^Before\n[\s\S]*\nAfter\n$/);
}, 300_000);

it('says of a tool that is not there that it is not', async () => {
  const { code, stdout } = await bench(['bullmq', '--results', dir], { PATH: dir });
  expect(code).toBe(0);
  expect(resultsOf(stdout).rows.map((row) => row.missing)).toEqual([NO_REDIS, NO_REDIS]);
});

it('names the benches to whoever asks for one that there is not', async () => {
  const { code, stderr } = await bench(['speed']);
  expect(code).toBe(2);
  expect(stderr).toContain('There is no bench speed.');
  expect(stderr).toContain('isolation');
});

interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function bench(args: readonly string[], environment = {}): Promise<Run> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...CACHE, ...environment },
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number]>,
  ]);
  return { code, stdout, stderr };
}

function resultsOf(stdout: string): Results {
  const file = /^All figures are in (.*)$/m.exec(stdout)![1]!;
  return JSON.parse(readFileSync(file, 'utf8')) as Results;
}
