import type { Logger } from 'pino';
import type { SealedSecret } from '../store/operations/secrets.ts';
import type { Store } from '../store/store.ts';
import type { Who } from '../store/who.ts';
import { readAnew } from './read-anew.ts';
import type { SecretBox } from './secret-box.ts';

/** `default`, `location:ID` or `app:ID`. */
export type SecretScope = string;

/** Where the private key of this installation is kept, which is no shared secret. */
export const SIGNING_KEY = 'signing-key';

/** Those of people, sealed beside them, are none either. */
const SHARED = /^(default$|location:|app:)/;

/** What may be told of a secret. */
export interface SecretState {
  readonly setAt: number;
  /** Until when the one before it signs as well; null: it does not. */
  readonly previousUntil: number | null;
}

export interface Secrets {
  /**
   * Sets the secret of a scope. The one until now goes on signing beside it for `overlapMs` (0: not
   * at all); of those before it none does. The same secret again changes only how long the previous
   * one goes on, so that a request that is made twice does not end it.
   */
  set(scope: SecretScope, secret: string, overlapMs: number, by: Who): Promise<SecretState>;
  /** Null: none is set. */
  state(scope: SecretScope): SecretState | null;
  /** Every scope that has one, in no order. */
  states(): readonly (readonly [SecretScope, SecretState])[];
  /** The secrets of a scope, the current one first; none: none is set, or it cannot be opened. */
  reveal(scope: SecretScope): readonly string[];
  /** The previous one goes with it. */
  remove(scope: SecretScope, by: Who): Promise<boolean>;
  /** An app is gone, and its secret with it. */
  forget(scope: SecretScope): void;
  /**
   * The secrets that sign a call now: the app's, else the location's, else the default; the current
   * one first, none means no signature. Asked at every attempt, answered from memory, with the same
   * list until it changes.
   */
  applying(to: { app: number | null; location: number | null }): readonly string[];
  /** Reads again what other nodes may have changed. */
  reload(): Promise<void>;
}

export interface SecretsNeeds {
  readonly store: Store;
  readonly box: SecretBox;
  /** The store's time, which says when a previous secret ends. */
  readonly clock: { now(): number };
  readonly log: Logger;
}

/**
 * The shared secrets, opened once and kept in memory. One that cannot be opened (another key)
 * is reported; its calls go unsigned rather than signed with a wrong secret, and be it the default.
 */
export async function openSecrets({ store, box, clock, log }: SecretsNeeds): Promise<Secrets> {
  const opened = new Map<SecretScope, Opened>();
  let changes = 0;
  await reload();

  return {
    reload,
    async set(scope, secret, overlapMs, by) {
      // Another node, or this one without an answer, may have set it just now.
      await reload();
      if (opened.get(scope)?.current[0] === secret) {
        await store.endPreviousSecret({ scope, overlapMs, by });
      } else {
        await store.putSecret({ scope, ...box.seal(secret, scope), overlapMs, by });
      }
      changes++;
      await reload();
      return stateOf(opened.get(scope)!);
    },
    state(scope) {
      const found = opened.get(scope);
      return found === undefined ? null : stateOf(found);
    },
    states: () => [...opened].map(([scope, found]) => [scope, stateOf(found)] as const),
    reveal(scope) {
      const found = opened.get(scope);
      return found === undefined ? NONE : signing(found);
    },
    async remove(scope, by) {
      const removed = await store.deleteSecret({ scope, by });
      forget(scope);
      return removed;
    },
    forget,
    applying({ app, location }) {
      const found =
        (app === null ? undefined : opened.get(`app:${app}`)) ??
        (location === null ? undefined : opened.get(`location:${location}`)) ??
        opened.get('default');
      return found === undefined ? NONE : signing(found);
    },
  };

  function signing(found: Opened): readonly string[] {
    return hasPrevious(found) ? found.withPrevious : found.current;
  }

  function hasPrevious({ previousUntil }: Opened): boolean {
    return previousUntil !== null && clock.now() < previousUntil;
  }

  function stateOf(found: Opened): SecretState {
    const { setAt, previousUntil } = found;
    return { setAt, previousUntil: hasPrevious(found) ? previousUntil : null };
  }

  function forget(scope: SecretScope): void {
    changes++;
    opened.delete(scope);
  }

  async function reload(): Promise<void> {
    const sealedSecrets = await readAnew(
      () => store.listSecrets(undefined),
      () => changes,
    );
    opened.clear();
    // Of a scope the current one comes first.
    for (const secret of sealedSecrets) {
      const { scope, setAt, endsAt } = secret;
      if (!SHARED.test(scope)) continue;
      const text = open(secret);
      const current = opened.get(scope)?.current;
      if (current === undefined) {
        // Kept without a secret: the one of a wider scope would sign in its place.
        const only = text === null ? NONE : [text];
        opened.set(scope, { current: only, withPrevious: only, setAt, previousUntil: null });
      } else if (text !== null && current.length > 0) {
        const withPrevious = [...current, text];
        opened.set(scope, { ...opened.get(scope)!, withPrevious, previousUntil: endsAt });
      }
    }
  }

  function open(secret: SealedSecret): string | null {
    const { scope, slot, keyId } = secret;
    try {
      return box.open(secret, scope);
    } catch {
      log.error(
        { scope, slot, keyId, ourKeyId: box.keyId },
        'a shared secret cannot be opened with this key',
      );
      return null;
    }
  }
}

interface Opened {
  readonly current: readonly string[];
  /** What signs until `previousUntil`; both lists are made once and not per call. */
  readonly withPrevious: readonly string[];
  readonly setAt: number;
  readonly previousUntil: number | null;
}

const NONE: readonly string[] = [];
