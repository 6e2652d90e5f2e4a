import type { StoredPerson } from '../store/operations/person-row.ts';
import type { StoredPersonSession } from '../store/operations/person-sessions.ts';
import type { Store } from '../store/store.ts';
import type { Principal } from '../settings/principal.ts';
import { principalOf } from './roles.ts';
import { hashOf } from './token.ts';

/** A session that nobody used for so long is over. */
export const IDLE_MS = 12 * 3_600_000;
/** However often it was used. */
export const LIFE_MS = 7 * 24 * 3_600_000;
/** How exactly the last use is known. */
const TOUCH_MS = 60_000;

/** Somebody who is signed in, and by which session. */
export interface SignedIn {
  readonly person: StoredPerson;
  readonly principal: Principal;
  readonly tokenHash: string;
}

/** Finds whose session a token opens; null: none, or it is over. */
export type FindSession = (token: string) => Promise<SignedIn | null>;

export function createFindSession(
  store: Pick<Store, 'findPersonSession' | 'touchPersonSession'>,
  clock: { now(): number },
): FindSession {
  return async (token) => {
    const tokenHash = hashOf(token);
    const session = await store.findPersonSession({ tokenHash });
    const now = clock.now();
    if (!session || isOver(session, now)) return null;
    if (now - session.usedAt >= TOUCH_MS) await store.touchPersonSession({ tokenHash });
    const { person } = session;
    return { person, principal: principalOf(person), tokenHash };
  };
}

/** `now` in epoch milliseconds, by the store's clock. */
export function isOver(
  { beganAt, usedAt }: Pick<StoredPersonSession, 'beganAt' | 'usedAt'>,
  now: number,
): boolean {
  return now >= usedAt + IDLE_MS || now >= beganAt + LIFE_MS;
}
