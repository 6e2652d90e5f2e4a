import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import type { Results } from './results.ts';

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

it('measures every row, in short, and puts all into a table, a file and pages', async () => {
  const page = join(dir, 'page.md');
  writeFileSync(page, 'Before\n<!-- bench -->\nolder\n<!-- /bench -->\nAfter\n');
  const readme = join(dir, 'readme.md');
  writeFileSync(readme, 'Before\n<!-- numbers -->\nolder\n<!-- /numbers -->\nAfter\n');
  const short = '--quick --seconds 0.2 --warm-up 0 --stored 2000 --waiting 500'.split(' ');
  const { code, stdout, stderr } = await bench([...short, '--results', dir, '--write', page]);

  expect(code, stderr).toBe(0);
  const { rows } = resultsOf(stderr);
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

  const again = await bench(['--from', fileOf(stderr), '--write', readme]);
  expect(again.code, again.stderr).toBe(0);
  expect(again.stdout).toBe(stdout);
  const { unit, samples } = rows[0]!;
  const figure = `${samples[0]!.toLocaleString('en-US')} ${unit}`;
  expect(readFileSync(readme, 'utf8')).toContain(`| one per POST, 64 connections | ${figure} |`);
  expect(readFileSync(readme, 'utf8')).toMatch(/^Before\n[\s\S]*\nAfter\n$/);
}, 300_000);

it('gives the other rows when a bench fails', async () => {
  const short = '--quick --seconds 0.2 --warm-up 0 --stored 1e12'.split(' ');
  const { code, stderr } = await bench(['stored', 'latency', ...short, '--results', dir]);
  expect(code, stderr).toBe(1);
  const { rows } = resultsOf(stderr);
  const row = (name: string) => rows.find((one) => one.name === name);
  expect(row('stored')?.missing).toContain('--stored makes it less');
  expect(row('latency-p50')?.samples[0]).toBeGreaterThan(0);
}, 60_000);

it('says of a tool that is not there that it is not', async () => {
  const { code, stderr } = await bench(['bullmq', '--results', dir], { PATH: dir });
  expect(code).toBe(0);
  expect(resultsOf(stderr).rows.map((row) => row.missing)).toEqual([NO_REDIS, NO_REDIS]);
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

function fileOf(stderr: string): string {
  return /^All figures are in (.*)$/m.exec(stderr)![1]!;
}

function resultsOf(stderr: string): Results {
  return JSON.parse(readFileSync(fileOf(stderr), 'utf8')) as Results;
}
