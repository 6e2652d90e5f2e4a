import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { StoreUnavailable } from '../errors.ts';
import { publicIds } from '../public-id.ts';
import { OPERATION_NAMES, type Operations, type Store } from '../store.ts';
import type { SettleBatch } from '../operations/hot.ts';
import { packSettleBatch } from './pack.ts';
import type { Request, Response, ThreadInput } from './protocol.ts';
import { createSteadyClock, type SteadyClock } from './steady-clock.ts';

export interface SqliteOptions {
  readonly dataDir: string;
  /** The time of all operations; started from what the store has seen. Default: one of its own. */
  readonly clock?: SteadyClock;
  /** For tests: the store is full when its file has this many pages of 4 KiB. */
  readonly maxPages?: number;
  /** The thread ended by itself: nothing can be stored any more until the process starts again. */
  readonly onLost?: (error: Error) => void;
}

/**
 * Opens the embedded store in its own thread and waits until it answers.
 * Rejects with a sentence for people if the folder cannot be used or another process uses it.
 */
export async function openSqliteStore({
  dataDir,
  clock = createSteadyClock(),
  maxPages,
  onLost,
}: SqliteOptions): Promise<Store> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const thread = new Worker(threadUrl(), {
    workerData: {
      file: join(dataDir, 'posthorn.db'),
      maxPages: maxPages ?? null,
    } satisfies ThreadInput,
  });
  const { tag, latest } = await firstMessage(thread);
  clock.startFrom(latest);
  return proxy({ thread, tag, clock, ...(onLost && { onLost }) });
}

function threadUrl(): URL {
  // Sources run as they are in development; published code is built.
  return new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url);
}

function firstMessage(thread: Worker): Promise<{ tag: string; latest: number }> {
  return new Promise((resolve, reject) => {
    thread.once('error', reject);
    // A debugger or a watcher may send messages of its own before.
    thread.on('message', function opened(message: Response) {
      if (!('ready' in message)) return;
      thread.off('message', opened);
      if (message.ready) resolve(message);
      else reject(new Error(`The store cannot be opened: ${message.message}`));
    });
  });
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

interface ProxyInput extends Pick<SqliteOptions, 'onLost'> {
  readonly thread: Worker;
  readonly tag: string;
  readonly clock: SteadyClock;
}

function proxy({ thread, tag, clock, onLost }: ProxyInput): Store {
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let closing: Promise<void> | undefined;
  let gone: Error | undefined;

  const call = (operation: string, input: unknown): Promise<never> =>
    new Promise((resolve, reject) => {
      if (gone) return reject(gone);
      const id = ++lastId;
      pending.set(id, { resolve, reject });
      const packed = operation === 'settleAttempts' ? packSettleBatch(input as SettleBatch) : input;
      thread.postMessage(
        { id, operation, input: packed, now: clock.now() } satisfies Request,
        transferred(operation, input),
      );
    });

  thread.on('message', (response: Response) => {
    if (!('id' in response)) return;
    const waiter = pending.get(response.id);
    pending.delete(response.id);
    if (!waiter) return;
    if ('error' in response) {
      const { message, unavailable } = response.error;
      waiter.reject(unavailable ? new StoreUnavailable(message) : new Error(`store: ${message}`));
    } else {
      waiter.resolve(response.result);
    }
  });
  thread.on('error', (error: Error) => {
    gone = new StoreUnavailable(`the store thread ended: ${error.message}`, { cause: error });
  });
  const exited = new Promise<void>((resolve) => {
    thread.on('exit', () => {
      gone ??= new StoreUnavailable('the store is closed');
      for (const waiter of pending.values()) waiter.reject(gone);
      pending.clear();
      if (!closing) onLost?.(gone);
      resolve();
    });
  });

  const close = (): Promise<void> => {
    closing ??= gone ? exited : call('close', null).then(() => exited);
    return closing;
  };

  const operations = Object.fromEntries(
    OPERATION_NAMES.map((operation) => [operation, (input: unknown) => call(operation, input)]),
  ) as unknown as Operations;
  return { ...operations, ids: publicIds(tag), isShared: false, disturbances: 0, close };
}

/** The bytes of a batch of records move to the thread instead of being copied. */
function transferred(operation: string, input: unknown): ArrayBuffer[] {
  if (operation !== 'acceptEvents') return [];
  return [(input as { records: Uint8Array<ArrayBuffer> }).records.buffer];
}
