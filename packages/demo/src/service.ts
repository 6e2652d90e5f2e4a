import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { isFree } from './ports.ts';

const COMMAND = fileURLToPath(new URL('../../server/bin/posthorn-server.js', import.meta.url));
const USUAL_PORT = 4665;
const START_MS = 20_000;
const STOP_MS = 10_000;

/** The service as a process of its own, on a store of its own. */
export interface Service {
  readonly url: string;
  /** An operator's API key. */
  readonly key: string;
  /** Resolves when the process ends by itself; its exit code or signal in words. */
  readonly ended: Promise<string>;
  /** Ends the process and removes the store. */
  stop(): Promise<void>;
}

/**
 * Starts `posthorn-server serve` on port 4665, or on a free one if somebody has that, with a store in
 * a new temporary folder. `settings` are more variables; those of the environment are left out, so
 * that the demo is the same everywhere.
 */
export async function startService(settings: Readonly<Record<string, string>>): Promise<Service> {
  const dataDir = await mkdtemp(join(tmpdir(), 'posthorn-demo-'));
  const removeStore = () => rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
  const key = `demo-${randomBytes(16).toString('hex')}`;
  const child = spawn(process.execPath, [COMMAND, 'serve'], {
    env: {
      ...withoutOurs(process.env),
      POSTHORN_PORT: (await isFree(USUAL_PORT)) ? String(USUAL_PORT) : '0',
      POSTHORN_DATA_DIR: dataDir,
      POSTHORN_API_KEY: key,
      POSTHORN_LOG_LEVEL: 'error',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    // In a group of its own: Ctrl-C is for the demo, which ends the service after its summary.
    detached: true,
  });
  const ended = endOf(child);
  // If the demo itself breaks off, the service must not stay behind.
  const kill = () => child.kill('SIGKILL');
  process.on('exit', kill);

  const stop = async () => {
    child.kill('SIGTERM');
    const timer = setTimeout(kill, STOP_MS);
    await ended;
    clearTimeout(timer);
    process.off('exit', kill);
    await removeStore();
  };
  try {
    return { url: await listening(child, ended), key, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function withoutOurs(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith('POSTHORN_')),
  );
}

async function endOf(child: ChildProcess): Promise<string> {
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal ?? `exit code ${code}`;
}

/** The URL that the service prints when it listens. */
async function listening(child: ChildProcess, ended: Promise<string>): Promise<string> {
  const lines = createInterface({ input: child.stdout! });
  const url = new Promise<string>((resolve) => {
    lines.on('line', (line) => {
      const found = /listening on (http:\S+)/.exec(line);
      if (found) resolve(found[1]!);
    });
  });
  const deadline = AbortSignal.timeout(START_MS);
  const late = once(deadline, 'abort').then(() => `nothing after ${START_MS / 1000} s`);
  const first = await Promise.race([url, ended.then(failed), late.then(failed)]);
  if (typeof first !== 'string') throw new Error(`The service does not start: ${first.why}.`);
  return first;
}

function failed(why: string): { readonly why: string } {
  return { why };
}
