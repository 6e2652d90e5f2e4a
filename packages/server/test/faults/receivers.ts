import { Worker } from 'node:worker_threads';
import type { Behaviour, CallCount, Receipt } from './behaviour.ts';
import { readLedger } from './ledger.ts';

/** Receivers in a thread of their own, so that neither they nor the producer wait for each other. */
export interface Receivers {
  urlOf(name: string): string;
  behave(name: string, behaviour: Behaviour): Promise<void>;
  counts(): Promise<ReadonlyMap<string, CallCount>>;
  /** Everything received so far. */
  receipts(): Promise<Receipt[]>;
  close(): Promise<void>;
}

/** What is asked of the thread. */
export type Request =
  | { readonly kind: 'behave'; readonly name: string; readonly behaviour: Behaviour }
  | { readonly kind: 'counts' }
  | { readonly kind: 'flush' };

export interface ThreadInput {
  readonly ledger: string;
  readonly receivers: readonly (readonly [name: string, behaviour: Behaviour])[];
}

export async function openReceivers(input: ThreadInput): Promise<Receivers> {
  const worker = new Worker(new URL('./receivers-thread.ts', import.meta.url), {
    workerData: input,
  });
  const waiting = new Map<number, (result: unknown) => void>();
  let ids = 0;
  const urls = await new Promise<ReadonlyMap<string, string>>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', resolve);
  });
  worker.on('message', ({ id, result }: { id: number; result: unknown }) => {
    waiting.get(id)?.(result);
    waiting.delete(id);
  });

  return {
    urlOf: (name) => urls.get(name)!,
    behave: (name, behaviour) => ask<undefined>({ kind: 'behave', name, behaviour }),
    counts: () => ask({ kind: 'counts' }),
    async receipts() {
      await ask({ kind: 'flush' });
      return readLedger<Receipt>(input.ledger);
    },
    async close() {
      await worker.terminate();
    },
  };

  function ask<T>(request: Request): Promise<T> {
    const id = ++ids;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    waiting.set(id, resolve);
    worker.postMessage({ id, request }, []);
    return promise as Promise<T>;
  }
}
