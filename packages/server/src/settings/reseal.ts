import type { Logger } from 'pino';
import type { Store } from '../store/store.ts';
import type { SecretBox } from './secret-box.ts';

/** Secrets sealed anew in one transaction. */
const SLICE = 100;

export interface ResealNeeds {
  readonly store: Pick<Store, 'listSecrets' | 'resealSecrets'>;
  readonly box: SecretBox;
  readonly log: Logger;
}

/**
 * Seals with the first key of the ring what an old one sealed, so that the old one can be taken out.
 * Each call does a slice and returns how many secrets it sealed anew; 0: there is nothing left to do.
 *
 * A secret that somebody changed meanwhile is left as they set it. Those that cannot be opened stay:
 * that was said when they were read.
 */
export function createReseal({ store, box, log }: ResealNeeds): () => Promise<number> {
  let isTold = false;

  return async function reseal() {
    if (box.oldKeyIds.length === 0) return 0;
    const all = await store.listSecrets(undefined);
    const old = all.filter(({ keyId }) => box.oldKeyIds.includes(keyId));
    const anew = [];
    for (const from of old) {
      if (anew.length === SLICE) break;
      try {
        anew.push({ from, to: box.seal(box.open(from, from.scope), from.scope) });
      } catch {
        // Damaged, or in a row that is not its own.
      }
    }
    if (anew.length > 0) {
      isTold = false;
      return store.resealSecrets({ anew });
    }
    if (!isTold && old.length === 0) {
      log.info({ oldKeyIds: box.oldKeyIds }, 'no secret is sealed with an old key any more');
      isTold = true;
    }
    return 0;
  };
}
