import type { Store } from '../store/store.ts';
import { hashOf } from './token.ts';

/** A count of guesses lasts for so long from its first. */
export const WINDOW_MS = 15 * 60_000;
/** Passwords and codes for one email; then even the right one is refused. */
const OF_EMAIL = 10;
/** From one address, behind which several people may be. */
const OF_ADDRESS = 30;

/**
 * `go`: it may be looked at. `locked`: too many for this email, whether there is such a person or
 * not. `too-many`: too many came from this address.
 */
export type Guess =
  | { readonly kind: 'go' }
  | { readonly kind: 'locked'; readonly isFirst: boolean }
  | { readonly kind: 'too-many'; readonly retryAfterS: number };

export interface Guesses {
  /** Counts a guess in the store, where all nodes see it. `from`: an address, or a network of one. */
  count(email: string, from: string): Promise<Guess>;
  /** It was right so far, or not looked at. */
  forgive(email: string, from: string): Promise<void>;
}

export function createGuesses(
  store: Pick<Store, 'countGuesses' | 'forgiveGuesses'>,
  clock: { now(): number },
): Guesses {
  return {
    async count(email, from) {
      const names = Object.values(guessNames(email, from));
      const [ofEmail, ofAddress] = await store.countGuesses({ names, windowMs: WINDOW_MS });
      if (ofAddress!.tried > OF_ADDRESS) {
        const waitMs = ofAddress!.since + WINDOW_MS - clock.now();
        return { kind: 'too-many', retryAfterS: Math.max(1, Math.ceil(waitMs / 1000)) };
      }
      if (ofEmail!.tried <= OF_EMAIL) return { kind: 'go' };
      return { kind: 'locked', isFirst: ofEmail!.tried === OF_EMAIL + 1 };
    },
    forgive: (email, from) =>
      store.forgiveGuesses({ names: Object.values(guessNames(email, from)) }),
  };
}

/** Hashes: what is typed for an email may be a password. The order is that of the counts. */
export function guessNames(
  email: string,
  from: string,
): { readonly email: string; readonly network: string } {
  return { email: hashOf(`email ${email}`), network: hashOf(`network ${from}`) };
}
