import type { Logger } from 'pino';
import type { Store } from '../store/store.ts';
import type { Who } from '../store/who.ts';
import { readAnew } from './read-anew.ts';
import type { SecretBox } from './secret-box.ts';

/** `default`, `location:ID` or `app:ID`. */
export type SecretScope = string;

export interface Secrets {
  set(scope: SecretScope, secret: string, by: Who): Promise<{ setAt: number }>;
  /** Since when a secret is set; null: none is. */
  setAt(scope: SecretScope): number | null;
  remove(scope: SecretScope, by: Who): Promise<boolean>;
  /** An app is gone, and its secret with it. */
  forget(scope: SecretScope): void;
  /**
   * The secrets that sign a call now: the app's, else the location's, else the default; none
   * means no signature. Asked at every attempt, answered from memory.
   */
  applying(to: { app: number | null; location: number | null }): readonly string[];
  /** Reads again what other nodes may have changed. */
  reload(): Promise<void>;
  list(): readonly { scope: SecretScope; setAt: number }[];
}

/**
 * The shared secrets, opened once and kept in memory. One that cannot be opened (another key)
 * is reported; its calls go unsigned rather than signed with a wrong secret, and be it the default.
 */
export async function openSecrets(store: Store, box: SecretBox, log: Logger): Promise<Secrets> {
  const opened = new Map<SecretScope, { secret: readonly string[]; setAt: number }>();
  let changes = 0;
  await reload();

  return {
    reload,
    async set(scope, secret, by) {
      const { setAt } = await store.putSecret({
        scope,
        keyId: box.keyId,
        sealed: box.seal(secret, scope),
        by,
      });
      changes++;
      opened.set(scope, { secret: [secret], setAt });
      return { setAt };
    },
    setAt: (scope) => opened.get(scope)?.setAt ?? null,
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
      return found?.secret ?? [];
    },
    list: () => [...opened].map(([scope, { setAt }]) => ({ scope, setAt })),
  };

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
    for (const { scope, sealed, setAt, keyId } of sealedSecrets) {
      try {
        opened.set(scope, { secret: [box.open(sealed, scope)], setAt });
      } catch {
        // Kept without a secret: the one of a wider scope would sign in its place.
        opened.set(scope, { secret: [], setAt });
        log.error(
          { scope, keyId, ourKeyId: box.keyId },
          'a shared secret cannot be opened with this key',
        );
      }
    }
  }
}
