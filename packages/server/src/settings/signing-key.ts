import { generateKeyPairSync } from 'node:crypto';
import type { Logger } from 'pino';
import {
  createAsymmetricSigner,
  readPrivateKey,
  type SignAsymmetric,
} from '../attempt/sign-asymmetric.ts';
import type { SealedSecret } from '../store/operations/secrets.ts';
import type { Store } from '../store/store.ts';
import type { Who } from '../store/who.ts';
import { readAnew } from './read-anew.ts';
import type { Sealed, SecretBox } from './secret-box.ts';
import { SIGNING_KEY } from './secrets.ts';

/** The public half of a key pair that signs calls now. */
export interface PublicKey {
  /** `whpk_BASE64`, as Standard Webhooks writes a public key. */
  readonly publicKey: string;
  /** The same as a JSON Web Key (RFC 8037). */
  readonly jwk: { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string };
  readonly since: number;
  /** When it signs no more, as another took its place; null: until that is so. */
  readonly until: number | null;
}

/** The key pairs of this installation. Their private halves are in `sign` and nowhere else in memory. */
export interface SigningKey {
  /** An entry for each pair that signs now, the current one first; empty if none can be opened. */
  readonly sign: SignAsymmetric;
  /** Those that sign now, the current one first; empty if none can be opened. */
  publicKeys(): readonly PublicKey[];
  /**
   * Makes another pair, which signs from now on. The one until now goes on signing beside it for
   * `overlapMs` (0: not at all); of those before it none does.
   */
  rotate(overlapMs: number, by: Who): Promise<void>;
  /** Reads again what other nodes may have changed. */
  reload(): Promise<void>;
}

export interface SigningKeyNeeds {
  readonly store: Store;
  readonly box: SecretBox;
  /** The store's time, which says when a previous pair ends. */
  readonly clock: { now(): number };
  readonly log: Logger;
}

/**
 * The signing key of the store, made at its first use: of several nodes that start at once one makes
 * it and all have it. If it cannot be opened (another key), the log says so and calls go out without
 * this signature rather than with that of another pair.
 */
export async function openSigningKey(needs: SigningKeyNeeds): Promise<SigningKey> {
  const { store, box, clock, log } = needs;
  let pairs: readonly KeyPair[] = [];
  let changes = 0;
  await store.putSecretOnce({ scope: SIGNING_KEY, ...makePair(box) });
  await reload();

  return {
    sign: (id, timestampSeconds, body) =>
      inForce()
        .map(({ sign }) => sign(id, timestampSeconds, body))
        .join(' '),
    publicKeys: inForce,
    async rotate(overlapMs, by) {
      await store.rotateSigningKey({ scope: SIGNING_KEY, ...makePair(box), overlapMs, by });
      changes++;
      await reload();
    },
    reload,
  };

  function inForce(): readonly KeyPair[] {
    // Nothing is made anew for each call while one pair signs, which is nearly always.
    if (pairs.length < 2) return pairs;
    const now = clock.now();
    return pairs.filter(({ until }) => until === null || now < until);
  }

  async function reload(): Promise<void> {
    const sealed = await readAnew(
      () => store.listSecrets(undefined),
      () => changes,
    );
    // The current one comes first.
    pairs = sealed.filter(({ scope }) => scope === SIGNING_KEY).flatMap(opened);
  }

  function opened(sealed: SealedSecret): KeyPair[] {
    const { keyId, slot, setAt, endsAt } = sealed;
    try {
      const privateKey = box.open(sealed, SIGNING_KEY);
      return [{ ...pairOf(privateKey), since: setAt, until: endsAt }];
    } catch {
      log.error({ keyId, slot }, 'the signing key cannot be opened with this key');
      return [];
    }
  }
}

interface KeyPair extends PublicKey {
  readonly sign: SignAsymmetric;
}

function pairOf(privateKey: string): Pick<KeyPair, 'sign' | 'publicKey' | 'jwk'> {
  const { x } = readPrivateKey(privateKey);
  return {
    sign: createAsymmetricSigner(privateKey),
    publicKey: `whpk_${Buffer.from(x, 'base64url').toString('base64')}`,
    jwk: { kty: 'OKP', crv: 'Ed25519', x },
  };
}

function makePair(box: SecretBox): Sealed {
  const { d = '', x = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const bytes = Buffer.concat([Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')]);
  return box.seal(`whsk_${bytes.toString('base64')}`, SIGNING_KEY);
}
