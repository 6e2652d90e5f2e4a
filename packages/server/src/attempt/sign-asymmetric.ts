import { createPrivateKey, sign } from 'node:crypto';

/** Signs one call; returns an entry of `webhook-signature`, or several that a space separates. */
export type SignAsymmetric = (
  id: string,
  timestampSeconds: number | string,
  body: Uint8Array,
) => string;

/** A private key as Standard Webhooks writes it: `whsk_` and base64 of 32 bytes seed, 32 public. */
export type PrivateKeyText = string;

/**
 * Makes `v1a,BASE64` as Standard Webhooks 1.0.0 defines it: the ed25519 signature (RFC 8032) of
 * `id.timestamp.body`. Some 60 us for 1 kB on the main thread, where an HMAC takes 3.
 *
 * Throws if the text is no such key.
 */
export function createAsymmetricSigner(privateKey: PrivateKeyText): SignAsymmetric {
  const { d, x } = readPrivateKey(privateKey);
  const key = createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', d, x }, format: 'jwk' });
  return (id, timestampSeconds, body) => {
    const signed = Buffer.concat([Buffer.from(`${id}.${timestampSeconds}.`), body]);
    return `v1a,${sign(null, signed, key).toString('base64')}`;
  };
}

/** The parts of a private key as a JSON Web Key (RFC 8037) has them: `x` is the public one. */
export function readPrivateKey(privateKey: PrivateKeyText): { d: string; x: string } {
  const bytes = Buffer.from(privateKey.replace(/^whsk_/, ''), 'base64');
  if (bytes.length !== 64) throw new Error('this is no ed25519 key of 64 bytes');
  return {
    d: bytes.subarray(0, 32).toString('base64url'),
    x: bytes.subarray(32).toString('base64url'),
  };
}
