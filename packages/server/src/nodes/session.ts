import { performance } from 'node:perf_hooks';
import type { Logger } from 'pino';
import type { Session } from '../store/session.ts';
import type { StartedSession } from '../store/operations/sessions.ts';
import type { Store } from '../store/store.ts';
import { every } from './every.ts';
import { createGrace } from './grace.ts';

/** How long a node that says nothing counts as alive, by the store's clock. */
const ALIVE_MS = 30_000;
/** How often it says so: five of six may get lost. */
const BEAT_MS = 5000;

export interface NodeSession extends Session {
  /** Begins to say that this node lives, and to look for others that do not any more. */
  keepAlive(lanes: {
    /** What is in memory belongs to others now. */
    forget(): void;
    /** Sending may go on. */
    resume(): void;
  }): { stop(): Promise<void> };
}

/** The session of a process that has the store for itself, or of one node among others. */
export async function startSession(
  store: Store,
  log: Logger,
): Promise<{ session: NodeSession; started: StartedSession }> {
  let heldUntil = Infinity;
  let id = 0;
  const grace = createGrace(BEAT_MS);
  const started = await begin();
  const session: NodeSession = {
    get id() {
      return id;
    },
    get isHeld() {
      return performance.now() < heldUntil;
    },
    keepAlive(lanes) {
      if (!store.isShared) return { stop: async () => {} };
      const beating = every(BEAT_MS, () => beat(lanes), { log, what: 'keeping the session' });
      return {
        async stop() {
          await beating.stop();
          await store.endSession({ session: id }).catch(() => {});
        },
      };
    },
  };
  return { session, started };

  async function begin(): Promise<StartedSession> {
    const askedAt = performance.now();
    const begun = await store.startSession({ aliveMs: store.isShared ? ALIVE_MS : null });
    id = begun.session;
    if (store.isShared) heldUntil = askedAt + ALIVE_MS;
    return begun;
  }

  async function beat(lanes: Parameters<NodeSession['keepAlive']>[0]): Promise<void> {
    let mustResume = !session.isHeld;
    const askedAt = performance.now();
    if (await store.keepSession({ session: id, aliveMs: ALIVE_MS })) {
      heldUntil = askedAt + ALIVE_MS;
    } else {
      const ended = id;
      mustResume = true;
      heldUntil = -Infinity;
      await begin();
      lanes.forget();
      log.error(
        { ended, session: id },
        'this node was silent for too long: others took over what it held; it begins anew',
      );
    }
    if (mustResume) lanes.resume();
    if (!grace.isOver(askedAt)) return;
    const released = await store.takeOver(undefined);
    if (released > 0) log.warn({ released }, 'took over deliveries of a node that ended');
  }
}
