import { generateKeyPairSync } from 'node:crypto';
import type { Logger } from 'pino';
import {
  createAsymmetricSigner,
  readPrivateKey,
  type SignAsymmetric,
} from '../attempt/sign-asymmetric.ts';
import type { Store } from '../store/store.ts';
import type { SecretBox } from './secret-box.ts';
import { SIGNING_KEY } from './secrets.ts';

/** The key pair of this installation. Its private half is in `sign` and nowhere else in memory. */
export interface SigningKey {
  readonly sign: SignAsymmetric;
  /** `whpk_BASE64`, as Standard Webhooks writes a public key. */
  readonly publicKey: string;
  /** The same as a JSON Web Key (RFC 8037). */
  readonly jwk: { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string };
}

/**
 * The signing key of the store, made at its first use: of several nodes that start at once one makes
 * it and all have it. Null, with a line in the log, if it cannot be opened (another key): calls go
 * out without this signature rather than with that of another pair.
 */
export async function openSigningKey(needs: {
  store: Store;
  box: SecretBox;
  log: Logger;
}): Promise<SigningKey | null> {
  const { store, box, log } = needs;
  const kept = await store.putSecretOnce({
    scope: SIGNING_KEY,
    ...box.seal(generatePrivateKey(), SIGNING_KEY),
  });
  let privateKey: string;
  try {
    privateKey = box.open(kept, SIGNING_KEY);
  } catch {
    log.error({ keyId: kept.keyId }, 'the signing key cannot be opened with this key');
    return null;
  }
  const { x } = readPrivateKey(privateKey);
  return {
    sign: createAsymmetricSigner(privateKey),
    publicKey: `whpk_${Buffer.from(x, 'base64url').toString('base64')}`,
    jwk: { kty: 'OKP', crv: 'Ed25519', x },
  };
}

function generatePrivateKey(): string {
  const { d = '', x = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const bytes = Buffer.concat([Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')]);
  return `whsk_${bytes.toString('base64')}`;
}
