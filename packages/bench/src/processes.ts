import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { LoadOrder, LoadResult } from './load.ts';

const SERVER = fileURLToPath(new URL('../../server/bin/posthorn-server.js', import.meta.url));
/** As `npm start`: a young generation of three times 16 MB at most, instead of three times 32. */
const NODE_FLAGS = ['--max-semi-space-size=16'];
export const API_KEY = 'bench-operator-key-0123456789';

/** Ends every process that a bench started. */
const started = new Set<ChildProcess>();

export async function endAll(): Promise<void> {
  await Promise.all([...started].map((child) => end(child)));
}

export interface Posthorn {
  readonly port: number;
  readonly pid: number;
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  /** Resident memory in MB. */
  rssMb(): number;
  stop(): Promise<void>;
}

/** The real service on a fresh store. */
export async function startPosthorn(
  environment: Record<string, string> = {},
  nodeFlags: readonly string[] = [],
): Promise<Posthorn> {
  const dataDir =
    environment['POSTHORN_DATA_DIR'] ?? mkdtempSync(join(tmpdir(), 'posthorn-bench-'));
  const child = start([...NODE_FLAGS, ...nodeFlags, SERVER, 'serve'], {
    POSTHORN_DATA_DIR: dataDir,
    POSTHORN_PORT: '0',
    POSTHORN_API_KEY: API_KEY,
    POSTHORN_ALLOW_NETWORKS: '127.0.0.0/8',
    POSTHORN_LOG_LEVEL: 'warn',
    ...environment,
  });
  const line = await lineWith(child, 'listening on http://');
  const port = Number(/:(\d+)\s*$/.exec(line)![1]);
  return {
    port,
    pid: child.pid!,
    async call(method, path, body) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${API_KEY}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
      return text === '' ? null : (JSON.parse(text) as unknown);
    },
    rssMb: () =>
      Math.round(
        Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))![1]) / 1024,
      ),
    async stop() {
      await end(child);
      if (!environment['POSTHORN_DATA_DIR']) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export interface Receiver {
  readonly port: number;
  count(): Promise<number>;
  stop(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const child = start([fileURLToPath(new URL('./receiver.ts', import.meta.url))], {});
  const port = Number(await lineWith(child, ''));
  return {
    port,
    count: async () => Number(await (await fetch(`http://127.0.0.1:${port}/count`)).text()),
    stop: () => end(child),
  };
}

/** Runs a load in a process of its own, until its end. */
export async function runLoad(order: LoadOrder): Promise<LoadResult> {
  const child = start([fileURLToPath(new URL('./load.ts', import.meta.url))], {});
  child.stdin!.end(JSON.stringify(order));
  const result = JSON.parse(await lineWith(child, '{')) as LoadResult;
  await end(child);
  return result;
}

/** Runs the bare loop in a process of its own, until its end. */
export async function runBareUndici(port: number, seconds: number): Promise<{ perSecond: number }> {
  const script = fileURLToPath(new URL('./bare-undici.ts', import.meta.url));
  const child = start([script, String(port), String(seconds)], {});
  const result = JSON.parse(await lineWith(child, '{')) as { perSecond: number };
  await end(child);
  return result;
}

function start(args: readonly string[], environment: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  started.add(child);
  child.on('exit', () => started.delete(child));
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

function lineWith(child: ChildProcess, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: child.stdout! });
    lines.on('line', (line) => {
      if (line.includes(text)) resolve(line);
    });
    child.once('exit', (code) => reject(new Error(`a process of the bench ended early (${code})`)));
  });
}
