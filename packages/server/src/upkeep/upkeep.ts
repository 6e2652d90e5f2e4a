import type { Logger } from 'pino';
import { WINDOW_MS } from '../people/guesses.ts';
import { IDLE_MS, LIFE_MS } from '../people/sessions.ts';
import type { Keys } from '../settings/keys.ts';
import type { Webhooks } from '../settings/webhooks.ts';
import { keyAt } from '../store/keys.ts';
import { SPANS } from '../store/operations/spans.ts';
import type { Session } from '../store/session.ts';
import type { Store } from '../store/store.ts';

const ROUND_MS = 60_000;
/** How long an Idempotency-Key is remembered: longer than any sane client tries again. */
const IDEMPOTENCY_MS = 3 * 24 * 3_600_000;
/** How often old events that could not leave are looked at again: a million of them take a minute. */
const LOOK_AGAIN_MS = 3_600_000;
/** How long counts of what clients did are kept: longer than any window. */
const COUNTS_MS = 10 * 60_000;
/** Between slices, so that the store's writer is free most of the time. */
const REST_MS = 20;

export interface UpkeepNeeds {
  readonly store: Store;
  readonly session: Session;
  readonly webhooks: Webhooks;
  readonly keys: Keys;
  /** Seals a slice of secrets anew; 0: nothing is left under an old key. */
  readonly reseal: () => Promise<number>;
  readonly clock: { now(): number };
  readonly log: Logger;
  readonly retentionMs: number;
  readonly auditRetentionMs: number;
}

/**
 * What must be done now and then: old events leave by whole days where the engine has such parts,
 * else in small slices, like idempotency keys and the audit; what waits for deleted webhooks is
 * cancelled, previous secrets and sessions that ended leave, secrets under an old key are sealed anew,
 * the last use of keys and the calls that were refused are written. Of several nodes each writes of its own keys,
 * and the oldest does the rest. A round that fails is logged and made up for by the next.
 */
export function startUpkeep(needs: UpkeepNeeds): { stop(): Promise<void> } {
  const { store, session, webhooks, keys, clock, log } = needs;
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();
  /** The event that the last slice of retention ended with, and when it went through from the first. */
  let lookedAt = 0;
  let beganAt = -Infinity;
  const timer = setInterval(() => {
    running = running.then(round);
  }, ROUND_MS);
  timer.unref();
  running = round();

  return {
    async stop() {
      isStopped = true;
      clearInterval(timer);
      await running;
      await keys.writeUse({ isLast: true }).catch(() => {});
    },
  };

  async function round(): Promise<void> {
    try {
      await keys.writeUse();
      if (!(await store.isOldestSession({ session: session.id }))) return;
      for (const webhook of await store.findDeletedWithWaiting(undefined)) {
        await webhooks.cancelRest(webhook);
      }
      await store.removeEndedSecrets(undefined);
      await store.removeEndedSignIns({ idleMs: IDLE_MS, lifeMs: LIFE_MS, guessesMs: WINDOW_MS });
      await store.removeOldCounts({ before: clock.now() - COUNTS_MS });
      await slices(needs.reseal);
      const now = clock.now();
      await slices(() => store.removeOldIdempotencyKeys({ before: now - IDEMPOTENCY_MS }));
      await slices(() => store.removeOldAudit({ before: now - needs.auditRetentionMs }));
      for (const { ms, keptMs } of SPANS) {
        const before = now - (keptMs ?? needs.retentionMs);
        await slices(() => store.removeOldTallies({ spanMs: ms, before }));
      }
      const { dropped, leftBefore } = await store.turnDays(now - needs.retentionMs);
      for (const day of dropped) log.info({ day: new Date(day) }, 'a day of the log was dropped');
      await removeOldEvents(leftBefore, now);
    } catch (error) {
      if (!isStopped) log.error({ err: error }, 'upkeep failed: the next round makes up for it');
    }
  }

  /** Goes on where the last round ended; what stayed then is looked at again after a while. */
  async function removeOldEvents(beforeMs: number, now: number): Promise<void> {
    if (now - beganAt >= LOOK_AGAIN_MS) {
      beganAt = now;
      lookedAt = 0;
    }
    await slices(async () => {
      const input = { after: lookedAt, before: keyAt(beforeMs) };
      const { lastKey } = await store.removeOldEvents(input);
      lookedAt = lastKey ?? lookedAt;
      return lastKey === null ? 0 : 1;
    });
  }

  async function slices(slice: () => Promise<number>): Promise<void> {
    while (!isStopped && session.isHeld && (await slice()) > 0) {
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
    }
  }
}
