import type { Logger } from 'pino';
import type { SessionPeers } from '../store/operations/peers.ts';
import type { Session } from '../store/session.ts';
import type { Store } from '../store/store.ts';
import type { StoreClock } from './clock.ts';
import { every } from './every.ts';

/** What other nodes brought about is seen within a second. */
const LOOK_MS = 500;
/** Lanes learn of what is due until the look after the next one. */
const AHEAD_MS = 2000;
/** A change may carry the time of a node's clock, or be committed a little late. */
const SLACK_MS = 15_000;

export interface FollowNeeds {
  readonly store: Store;
  readonly session: Session;
  readonly clock: StoreClock;
  readonly log: Logger;
  readonly lanes: {
    wakeForNew(webhooks: readonly number[], at: number): void;
    refresh(webhook: number): void;
    shareWith(peers: SessionPeers): void;
  };
  /** What is kept in memory of the settings. */
  readonly settings: readonly { reload(): Promise<void> }[];
  /** Called once when a newer version changed the store so that this one must not go on. */
  onRefused(refusal: string): void;
}

/**
 * Follows what other nodes do to the store: due work, settings, lanes that turn, the time; and how
 * many they are.
 */
export function followOthers(needs: FollowNeeds): { stop(): Promise<void> } {
  const { store, session, clock, lanes, log } = needs;
  let seen: { settings: number; turns: number; at: number } | null = null;
  let isRefused = false;
  if (!store.isShared) return { stop: async () => {} };
  return every(LOOK_MS, round, { log, what: 'looking for what other nodes did' });

  async function round(): Promise<void> {
    const look = await store.look({ session: session.id, aheadMs: AHEAD_MS });
    const { now, settings, turns, refusal, lanes: due } = look;
    clock.set(now);
    if (refusal !== null) {
      if (!isRefused) needs.onRefused(refusal);
      isRefused = true;
      return;
    }
    lanes.shareWith(look.peers);
    for (const { webhook, dueAt } of due) lanes.wakeForNew([webhook], dueAt);
    if (settings === seen?.settings && turns === seen.turns) {
      seen.at = now;
      return;
    }
    if (settings !== seen?.settings) for (const part of needs.settings) await part.reload();
    const since = (seen?.at ?? now) - SLACK_MS;
    for (const webhook of await store.listChangedWebhooks({ since })) lanes.refresh(webhook);
    seen = { settings, turns, at: now };
  }
}
