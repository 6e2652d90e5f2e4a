import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { engineEnvironment } from './engine.ts';
import { eventually } from './eventually.ts';

/** The operator key of every server that tests start. */
export const API_KEY = 'key-of-the-operator-in-tests';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));

export interface StartInput {
  /** Added to what tests need; a value of undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly flags?: readonly string[];
  /** Default: `serve`, on a free port. */
  readonly command?: readonly string[];
  /** What it reads on standard input; otherwise there is none. */
  readonly input?: string;
  /** Default: a new one, removed by `stop` and `kill`. */
  readonly dataDir?: string;
  /** How long it may take to listen. */
  readonly deadlineMs?: number;
}

export interface Started {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly dataDir: string;
  readonly pid: number;
  /**
   * One request with the operator's key. Text and bytes are sent as they are, anything else as
   * JSON. The answer's JSON is parsed; `authorization: ''` sends none.
   */
  api(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<ApiAnswer>;
  /** Everything written to stdout and stderr so far. */
  output(): string;
  /** SIGTERM; resolves when the process has ended with 0, and rejects otherwise. */
  stop(): Promise<void>;
  /** SIGKILL; resolves when the process is gone. The data folder stays if it was given. */
  kill(): Promise<void>;
  /** Resolves with the exit code, or the signal that ended the process. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Null if the body is empty or no JSON. */
  // oxlint-disable-next-line no-explicit-any -- tests look into answers of every shape
  readonly json: any;
}

/** The API of a server at this URL, also of one in this very process. */
export function apiAt(url: string): Started['api'] {
  return (method, path, body, headers = {}) => request(url + path, method, body, headers);
}

/** A new folder for a store that several processes use one after the other. */
export function newDataDir(): string {
  return mkdtempSync(join(tmpdir(), 'posthorn-test-'));
}

export function removeDataDir(dir: string): void {
  rmSync(dir, { recursive: true, force: true });
}

/** Runs `posthorn-server serve` as a process of its own and waits until it listens. */
export async function startServer(input: StartInput = {}): Promise<Started> {
  const { deadlineMs = 15_000 } = input;
  const dataDir = input.dataDir ?? newDataDir();
  const child = await run({ ...input, dataDir });
  const output = collect(child);
  const ended = once(child, 'exit').then(
    ([code, signal]) => (code ?? signal) as number | NodeJS.Signals,
  );
  let hasEnded = false;
  void ended.then(() => (hasEnded = true));

  const listening = () => /listening on (http:\/\/\S+)/.exec(output())?.[1];
  await eventually(() => hasEnded || listening(), { deadlineMs }).catch(() => {});
  const url = listening();
  if (url === undefined) {
    child.kill('SIGKILL');
    await ended;
    if (input.dataDir === undefined) removeDataDir(dataDir);
    throw new Error(`The server does not listen. It said:\n${output()}`);
  }

  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    const how = await ended;
    if (input.dataDir === undefined) removeDataDir(dataDir);
    return how;
  };

  return {
    url,
    dataDir,
    pid: child.pid!,
    ended,
    output,
    api: apiAt(url),
    async stop() {
      if (hasEnded) return;
      const how = await end('SIGTERM');
      if (how !== 0) throw new Error(`The server ended with ${how}. It said:\n${output()}`);
    },
    async kill() {
      await end('SIGKILL');
    },
  };
}

/** Runs a command until it ends by itself: also for starts that must fail. */
export async function runToEnd(
  input: StartInput & { readonly dataDir: string },
): Promise<{ code: number | NodeJS.Signals; output: string }> {
  const child = await run(input);
  const output = collect(child);
  const timer = setTimeout(() => child.kill('SIGKILL'), input.deadlineMs ?? 15_000);
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals];
  clearTimeout(timer);
  return { code: code ?? signal, output: output() };
}

async function run({
  env = {},
  flags = [],
  command = ['serve', '--port', '0'],
  input,
  dataDir,
}: StartInput & { dataDir: string }): Promise<ChildProcess> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('POSTHORN_'));
  const all = {
    ...Object.fromEntries(inherited),
    POSTHORN_DATA_DIR: dataDir,
    POSTHORN_API_KEY: API_KEY,
    POSTHORN_ALLOW_NETWORKS: '127.0.0.0/8',
    POSTHORN_LOG_LEVEL: 'warn',
    // An eighth of the work: dozens of people sign in.
    POSTHORN_PASSWORD_COST: '14',
    // Reading and compiling the sources is half of a start; the suite starts dozens.
    NODE_COMPILE_CACHE: join(tmpdir(), 'posthorn-test-compile-cache'),
    ...(await engineEnvironment(dataDir)),
    ...env,
  };
  const child = spawn(process.execPath, [MAIN, ...command, ...flags], {
    env: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)),
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  child.stdin?.on('error', () => {}).end(input);
  return child;
}

function collect(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  }
  return () => text;
}

async function request(
  url: string,
  method: string,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): Promise<ApiAnswer> {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const sent = new Headers({
    authorization: `Bearer ${API_KEY}`,
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...headers,
  });
  if (sent.get('authorization') === '') sent.delete('authorization');
  if (sent.get('content-type') === '') sent.delete('content-type');
  const response = await fetch(url, {
    method,
    headers: sent,
    ...(body !== undefined && {
      body: isRaw ? (body as string | Uint8Array<ArrayBuffer>) : JSON.stringify(body),
    }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
