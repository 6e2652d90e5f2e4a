import type { CallOptions, Send } from '../request.ts';

/** A public key as a JSON Web Key (RFC 8037); `publicKey` is the same in the words of Standard Webhooks. */
export interface PublicSigningKey {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly alg: 'EdDSA';
  readonly use: 'sig';
  /** `whpk_…`, which `verify` takes as its secret. */
  readonly publicKey: string;
  readonly since: string;
  /** When it signs no more, as another took its place; null: until that is so. */
  readonly until: string | null;
}

export interface SigningKey {
  /** The current one. */
  readonly publicKey: string;
  /** All that sign now, the current one first. */
  readonly keys: readonly PublicSigningKey[];
}

/** The key pair that signs every call, where the operator has switched that on (else `not_found`). */
export function signingKeyCalls(send: Send) {
  return {
    /** Needs no API key. */
    get: (options?: CallOptions) => send<SigningKey>('GET', '/v1/signing-key', options),
    /** Another pair; the one until now signs for the overlap: `36h`, up to `30d`, `0`. Default: 24h. */
    rotate: (input: { readonly overlap?: string } = {}, options?: CallOptions) =>
      send<SigningKey>('POST', '/v1/signing-key/rotate', { ...options, body: input }),
  };
}
