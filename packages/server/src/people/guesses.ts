import type { GuessCount } from '../store/operations/guesses.ts';
import type { Store } from '../store/store.ts';
import { hashOf } from './token.ts';

/** A count of guesses lasts for so long from its first. */
export const WINDOW_MS = 15 * 60_000;
/** Passwords and codes for one email; then even the right one is refused. */
const OF_EMAIL = 10;
/** From one address, behind which several people may be. */
const OF_ADDRESS = 30;

/**
 * So long whoever is to come later is told so from memory: a flood writes nothing then, and somebody who
 * shares an address with others is let in soon after these turned out to be right.
 */
const REFUSED_MS = 5_000;
/** Networks that are kept in mind so. */
const MAX_REFUSED = 5_000;

/**
 * `go`: it may be looked at. `locked`: too many for this email, whether there is such a person or
 * not. `too-many`: too many came from this address.
 */
export type Guess =
  | { readonly kind: 'go' }
  | { readonly kind: 'locked'; readonly isFirst: boolean }
  | { readonly kind: 'too-many'; readonly retryAfterS: number };

/** What is known of where a guess comes from alone. */
export type GuessFrom = Exclude<Guess, { kind: 'locked' }>;

export interface Guesses {
  /**
   * Counts a guess in the store, where all nodes see it, unless too many came from there just now.
   * `from`: an address, or a network of one.
   */
  count(email: string, from: string): Promise<Guess>;
  /** Counts a sign-in of which nothing is known but where it comes from. */
  countAddress(from: string): Promise<GuessFrom>;
  /** It was right so far, or not looked at. */
  forgive(email: string, from: string): Promise<void>;
  forgiveAddress(from: string): Promise<void>;
}

export function createGuesses(
  store: Pick<Store, 'countGuesses' | 'forgiveGuesses'>,
  clock: { now(): number },
): Guesses {
  /** By network: when it was counted first, and when it is counted again. */
  const refused = new Map<string, { readonly since: number; readonly until: number }>();

  return {
    async count(email, from) {
      const early = judgeFromMemory(from);
      if (early) return early;
      const names = Object.values(guessNames(email, from));
      const [ofEmail, ofAddress] = await store.countGuesses({ names, windowMs: WINDOW_MS });
      const guess = judge(from, ofAddress!);
      if (guess.kind === 'too-many' || ofEmail!.tried <= OF_EMAIL) return guess;
      return { kind: 'locked', isFirst: ofEmail!.tried === OF_EMAIL + 1 };
    },
    async countAddress(from) {
      const early = judgeFromMemory(from);
      if (early) return early;
      const names = [networkName(from)];
      const [ofAddress] = await store.countGuesses({ names, windowMs: WINDOW_MS });
      return judge(from, ofAddress!);
    },
    forgive: (email, from) =>
      store.forgiveGuesses({ names: Object.values(guessNames(email, from)) }),
    forgiveAddress: (from) => store.forgiveGuesses({ names: [networkName(from)] }),
  };

  function judge(from: string, { tried, since }: GuessCount): GuessFrom {
    if (tried <= OF_ADDRESS) return { kind: 'go' };
    if (refused.size >= MAX_REFUSED) refused.delete(refused.keys().next().value!);
    refused.set(from, { since, until: clock.now() + REFUSED_MS });
    return tooMany(since);
  }

  function judgeFromMemory(from: string): GuessFrom | null {
    const known = refused.get(from);
    if (known === undefined) return null;
    if (clock.now() < known.until) return tooMany(known.since);
    refused.delete(from);
    return null;
  }

  function tooMany(since: number): GuessFrom {
    const waitMs = since + WINDOW_MS - clock.now();
    return { kind: 'too-many', retryAfterS: Math.max(1, Math.ceil(waitMs / 1000)) };
  }
}

/** Hashes: what is typed for an email may be a password. The order is that of the counts. */
export function guessNames(
  email: string,
  from: string,
): { readonly email: string; readonly network: string } {
  return { email: hashOf(`email ${email}`), network: networkName(from) };
}

function networkName(from: string): string {
  return hashOf(`network ${from}`);
}
