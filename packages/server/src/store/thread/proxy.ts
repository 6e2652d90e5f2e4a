import { Worker } from 'node:worker_threads';
import { StoreUnavailable } from '../errors.ts';
import type { SettleBatch } from '../operations/hot.ts';
import { publicIds, type PublicIds } from '../public-id.ts';
import type { Operations, Store } from '../store.ts';
import type { SteadyClock } from '../steady-clock.ts';
import { packSettleBatch } from './pack.ts';
import { CLOSE, type OpenedStore, type Request, type Response } from './protocol.ts';

/** What is done over there. */
type ThreadOperation = keyof Operations | 'turnDays';

/** A store's thread, as the main thread sees it. */
export interface StoreThread {
  readonly ids: PublicIds;
  /** See Store.disturbances. */
  readonly disturbances: number;
  /** Each name as a function that has the operation done over there. */
  operations<Name extends ThreadOperation>(names: readonly Name[]): Pick<Store, Name>;
  /** Waits for what is under way, then ends the thread. Safe to call twice. */
  close(): Promise<void>;
}

export interface StoreThreadOptions {
  /** The thread's program. */
  readonly module: URL;
  readonly workerData: unknown;
  /** The time of all operations, for a store that has no other; started from what it has seen. */
  readonly clock?: SteadyClock;
  /** The thread ended by itself: nothing can be stored any more until the process starts again. */
  readonly onLost?: (error: Error) => void;
}

/**
 * Starts a thread that owns a store, and waits until it is open: what the store has to do never
 * waits for calls and requests, nor they for it.
 *
 * Rejects with the sentence for people that the thread gives.
 */
export async function openStoreThread(options: StoreThreadOptions): Promise<StoreThread> {
  const thread = new Worker(options.module, { workerData: options.workerData });
  const { tag, latest } = await firstMessage(thread);
  options.clock?.startFrom(latest);
  return connect(thread, tag, options);
}

/** The program beside a module: sources run as they are in development; published code is built. */
export function siblingModule(url: string, name: string): URL {
  return new URL(`./${name}${url.endsWith('.ts') ? '.ts' : '.js'}`, url);
}

function firstMessage(thread: Worker): Promise<OpenedStore> {
  return new Promise((resolve, reject) => {
    thread.once('error', reject);
    // A debugger or a watcher may send messages of its own before.
    thread.on('message', function opened(message: Response) {
      if (!('ready' in message)) return;
      thread.off('message', opened);
      if (message.ready) resolve(message);
      else reject(new Error(message.message));
    });
  });
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

function connect(
  thread: Worker,
  tag: string,
  { clock, onLost }: Pick<StoreThreadOptions, 'clock' | 'onLost'>,
): StoreThread {
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let disturbances = 0;
  let closing: Promise<void> | undefined;
  let gone: Error | undefined;

  const call = (operation: string, input: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (gone) return reject(gone);
      const id = ++lastId;
      pending.set(id, { resolve, reject });
      const packed = operation === 'settleAttempts' ? packSettleBatch(input as SettleBatch) : input;
      thread.postMessage(
        { id, operation, input: packed, now: clock?.now() ?? 0 } satisfies Request,
        transferred(operation, input),
      );
    });

  thread.on('message', (response: Response) => {
    if ('disturbances' in response) disturbances = response.disturbances;
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

  return {
    ids: publicIds(tag),
    get disturbances() {
      return disturbances;
    },
    operations: (names) =>
      Object.fromEntries(
        names.map((name) => [name, (input: unknown) => call(name, input)]),
      ) as never,
    close: () => (closing ??= gone ? exited : call(CLOSE, null).then(() => exited)),
  };
}

/** The bytes of a batch of records move to the thread instead of being copied. */
function transferred(operation: string, input: unknown): ArrayBuffer[] {
  if (operation !== 'acceptEvents') return [];
  return [(input as { records: Uint8Array<ArrayBuffer> }).records.buffer];
}
