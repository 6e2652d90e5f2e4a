import type { Worker } from 'node:cluster';
import { AggregatorRegistry } from 'prom-client';
import type { Numbers, ToPrimary, ToWorker } from './messages.ts';

/** A worker that has not counted by then hangs, or is about to start: it is left out. */
const PATIENCE_MS = 2000;

/** What a worker may say about numbers. */
type Said = Extract<ToPrimary, { kind: 'metrics' | 'counted' }>;

/** Gathers the numbers of all workers for the one that was asked for them. */
export function createGathering(workers: () => readonly Worker[]): {
  hear(worker: Worker, message: Said): void;
} {
  const counting = new Map<number, (numbers: Numbers) => void>();
  let lastId = 0;

  return {
    hear(worker, message) {
      if (message.kind === 'counted') counting.get(message.id)?.(message.numbers);
      else void gather().then((text) => say(worker, { kind: 'metrics', id: message.id, text }));
    },
  };

  async function gather(): Promise<string> {
    const counted = await Promise.all(workers().map(count));
    const all = counted.filter((numbers) => numbers !== null);
    // Their labels tell the workers apart: nothing is added up, so one that starts anew counts anew.
    return AggregatorRegistry.aggregate(all).metrics();
  }

  function count(worker: Worker): Promise<Numbers | null> {
    const id = ++lastId;
    return new Promise<Numbers | null>((resolve) => {
      counting.set(id, resolve);
      setTimeout(() => resolve(null), PATIENCE_MS).unref();
      say(worker, { kind: 'count', id });
    }).finally(() => counting.delete(id));
  }
}

function say(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message);
}
