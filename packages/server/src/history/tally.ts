import type { Logger } from 'pino';
import { every } from '../nodes/every.ts';
import type { AcceptedBatch, SettleBatch, SettledBatch } from '../store/operations/hot.ts';
import {
  addCounts,
  ALL_WEBHOOKS,
  type Counts,
  LATENCY_BOUNDS_MS,
  noCounts,
  SPANS,
} from '../store/operations/spans.ts';
import type { Tally } from '../store/operations/tallies.ts';
import type { Store } from '../store/store.ts';

/** How old a chart may be. */
const WRITE_MS = 5000;
/** Tallies of one transaction: each adds to a row per span. */
const SLICE = 20;

/** Counts what takes place, in memory, and adds it to the store every few seconds. */
export interface Tallying {
  accepted(batch: AcceptedBatch): void;
  settled(batch: SettleBatch, settled: SettledBatch): void;
  /** Writes what is left, and stops. */
  stop(): Promise<void>;
}

/**
 * Some 0.6 us per call that ended, on a busy machine; a process that dies loses what it counted in the last seconds.
 * What cannot be written is kept for the next time.
 */
export function createTally({
  store,
  clock,
  log,
}: {
  readonly store: Store;
  readonly clock: { now(): number };
  readonly log: Logger;
}): Tallying {
  const counted = new Map<string, Tally>();
  const writing = every(WRITE_MS, write, { log, what: 'writing down counts' });

  return {
    accepted({ requests }) {
      const all = tallyOf(ALL_WEBHOOKS, minuteOf(clock.now()));
      for (const request of requests)
        if (request.kind === 'accepted') all.events += request.events.length;
    },
    settled({ items }, { fenced }) {
      if (items.length === 0) return;
      const minute = minuteOf(clock.now());
      const all = tallyOf(ALL_WEBHOOKS, minute);
      const left = fenced.length === 0 ? null : new Set(fenced);
      for (const item of items) {
        if (left?.has(item.deliveryKey) === true) continue;
        const { attempt, next } = item;
        const isFailed = attempt.errorCode !== null && attempt.errorCode !== 'body_error';
        for (const counts of [tallyOf(item.webhook, minute), all]) {
          counts.calls++;
          if (isFailed) counts.failedCalls++;
          else counts.latencies[classOf(attempt.totalMs)]!++;
          if (next.state === 'delivered') counts.delivered++;
          if (next.state === 'failed') counts.failed++;
        }
      }
    },
    async stop() {
      await writing.stop();
      await write().catch(() => {});
    },
  };

  function tallyOf(webhook: number, at: number): Counts {
    const name = `${webhook} ${at}`;
    let tally = counted.get(name);
    if (!tally) {
      tally = { webhook, at, ...noCounts() };
      counted.set(name, tally);
    }
    return tally;
  }

  async function write(): Promise<void> {
    const entries = [...counted];
    for (let i = 0; i < entries.length; i += SLICE) {
      const slice = entries.slice(i, i + SLICE);
      // What is counted meanwhile begins anew.
      for (const [name] of slice) counted.delete(name);
      try {
        await store.addTallies({ tallies: slice.map(([, tally]) => tally) });
      } catch (error) {
        for (const [name, tally] of slice) keepOn(name, tally);
        throw error;
      }
    }
  }

  function keepOn(name: string, tally: Tally): void {
    const newer = counted.get(name);
    if (newer) addCounts(newer, tally);
    else counted.set(name, tally);
  }
}

function minuteOf(now: number): number {
  return now - (now % SPANS[0].ms);
}

function classOf(ms: number): number {
  let i = 0;
  while (i < LATENCY_BOUNDS_MS.length && ms > LATENCY_BOUNDS_MS[i]!) i++;
  return i;
}
