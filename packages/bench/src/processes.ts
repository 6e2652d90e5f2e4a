import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { LoadOrder, LoadResult } from './load.ts';

/** A process that is to end may finish what it does; what it keeps is thrown away afterwards. */
const GRACE_MS = 5000;

const started = new Set<ChildProcess>();
let isOver = false;

/** Ends every process that a bench started, and lets none start any more. */
export async function endAll(): Promise<void> {
  isOver = true;
  await Promise.all([...started].map((child) => end(child)));
}

export interface Started {
  readonly pid: number;
  /** What the line that it was waited for says. */
  readonly line: string;
  /** From the start of the process to that line. */
  readonly seconds: number;
  readonly stop: () => Promise<void>;
}

/** Runs a command and waits for a line of its output. */
export async function startUntil(
  file: string,
  args: readonly string[],
  ready: RegExp,
  environment: Readonly<Record<string, string>> = {},
): Promise<Started> {
  const began = performance.now();
  const child = startChild(file, args, {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  const line = await lineWith(child, ready);
  const seconds = (performance.now() - began) / 1000;
  return { pid: child.pid!, line, seconds, stop: () => end(child) };
}

/** A process and those that it started and that are still there. */
export function processesOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return [pid, ...(children.match(/\d+/g) ?? []).map(Number)];
}

/** Resident memory of a process in MB. */
export function rssMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024);
}

/** Processor time that a process has used in all its threads, in seconds. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // Behind the name, which may contain anything: fields 14 and 15 of proc(5), in hundredths.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

export interface Receiver {
  readonly port: number;
  /** URL of its calls. */
  readonly url: string;
  count(): Promise<number>;
  /** In ms from report to first byte, of those since it was last asked. */
  latencies(): Promise<number[]>;
  stop(): Promise<void>;
}

export async function startReceiver({ hangs = false } = {}): Promise<Receiver> {
  const script = fileURLToPath(new URL('./receiver.ts', import.meta.url));
  const { line, stop } = await startUntil(
    process.execPath,
    hangs ? [script, '--hang'] : [script],
    /^\d+$/,
  );
  const origin = `http://127.0.0.1:${line}`;
  const get = async (path: string) => (await fetch(origin + path)).json();
  return {
    port: Number(line),
    url: `${origin}/hook`,
    count: () => get('/count') as Promise<number>,
    latencies: () => get('/latencies') as Promise<number[]>,
    stop,
  };
}

/** Runs a load in a process of its own, until its end. */
export function runLoad(order: LoadOrder): Promise<LoadResult> {
  const script = fileURLToPath(new URL('./load.ts', import.meta.url));
  return runToEnd([script], JSON.stringify(order));
}

/** Runs the bare loop in a process of its own, until its end. */
export function runBareUndici(port: number, seconds: number): Promise<{ perSecond: number }> {
  const script = fileURLToPath(new URL('./bare-undici.ts', import.meta.url));
  return runToEnd([script, String(port), String(seconds)], '');
}

/** Runs a script that prints one line of JSON. */
async function runToEnd<Result>(args: readonly string[], input: string): Promise<Result> {
  const child = startChild(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin!.end(input);
  const result = JSON.parse(await lineWith(child, /^\{/)) as Result;
  await end(child);
  return result;
}

function startChild(file: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  if (isOver) throw new Error('the run was ended');
  const child = spawn(file, args, options);
  started.add(child);
  child.on('exit', () => started.delete(child));
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
  await ended;
  clearTimeout(late);
}

function lineWith(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: child.stdout! });
    lines.on('line', (line) => {
      if (pattern.test(line)) resolve(line);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`a process of the bench ended early (${code})`)));
  });
}
