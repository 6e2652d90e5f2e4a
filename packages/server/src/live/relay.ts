import type { Logger } from 'pino';
import { every } from '../nodes/every.ts';
import type { Session } from '../store/session.ts';
import type { Store } from '../store/store.ts';
import type { Live } from './live.ts';
import { type Tidings, tidingsOf } from './told.ts';

/** What one node tells another hears within two of these, and a moment. */
const RELAY_MS = 500;

/**
 * Lets those who listen at one node hear what others do. While nobody listens anywhere it reads one
 * row twice a second; while somebody does, each node writes down what it told, twice a second.
 */
export function relayToOthers({
  store,
  session,
  live,
  log,
}: {
  readonly store: Store;
  readonly session: Session;
  readonly live: Live;
  readonly log: Logger;
}): { stop(): Promise<void> } {
  if (!store.isShared) return { stop: async () => {} };
  let heard = new Set<number>();
  /** The store did not answer: what was told last, here or elsewhere, may never be heard. */
  let isCutOff = false;
  return every(RELAY_MS, round, { log, what: 'telling other nodes what happens' });

  async function round(): Promise<void> {
    const told = live.takeForOthers();
    const wasCutOff = isCutOff;
    isCutOff = true;
    const { isHeard, tidings } = await store.relayTidings({
      session: session.id,
      isListening: live.hasListeners,
      told: told && JSON.stringify(tidingsOf(told)),
    });
    isCutOff = false;
    live.setHeardElsewhere(isHeard);
    if (wasCutOff) live.tell({ isIncomplete: true });
    for (const { id, told: text } of tidings)
      if (!heard.has(id)) live.repeat(JSON.parse(text) as Tidings);
    heard = new Set(tidings.map(({ id }) => id));
  }
}
