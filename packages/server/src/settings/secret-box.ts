import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/** A secret that only a key opens. */
export interface Sealed {
  /** Names the key, so that a store can tell which key a secret needs. */
  readonly keyId: string;
  readonly sealed: Uint8Array;
}

/** Seals and opens secrets at rest with a ring of keys: the first seals, all open. */
export interface SecretBox {
  /** Of the key that seals. */
  readonly keyId: string;
  /** Of the keys that only open. */
  readonly oldKeyIds: readonly string[];
  /** `boundTo` says what the secret belongs to; it opens only with the same words. */
  seal(secret: string, boundTo: string): Sealed;
  /** Throws if the bytes were changed, moved to another owner, or sealed with a key we do not have. */
  open(sealed: Sealed, boundTo: string): string;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM with a random nonce; sealed = nonce + ciphertext + tag. Throws without a key. */
export function createSecretBox(keys: readonly Buffer[]): SecretBox {
  const ring = new Map(keys.map((key) => [keyIdOf(key), key]));
  const [keyId, ...oldKeyIds] = ring.keys();
  if (keyId === undefined) throw new Error('no key to seal secrets with');
  const first = ring.get(keyId)!;

  return {
    keyId,
    oldKeyIds,
    seal(secret, boundTo) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', first, nonce).setAAD(Buffer.from(boundTo));
      const sealed = Buffer.concat([
        nonce,
        cipher.update(secret, 'utf8'),
        cipher.final(),
        cipher.getAuthTag(),
      ]);
      return { keyId, sealed };
    },
    open({ keyId: sealedWith, sealed }, boundTo) {
      const key = ring.get(sealedWith);
      if (key === undefined) throw new Error(`the key ${sealedWith} is not in the ring`);
      const bytes = Buffer.from(sealed);
      const nonce = bytes.subarray(0, NONCE_BYTES);
      // A tag that was cut short would be easier to forge.
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
        .setAAD(Buffer.from(boundTo))
        .setAuthTag(bytes.subarray(-TAG_BYTES));
      return (
        decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') +
        decipher.final('utf8')
      );
    },
  };
}

/** Tells keys apart and says nothing else of them. */
export function keyIdOf(key: Buffer): string {
  return createHash('sha256').update('posthorn key id').update(key).digest('hex').slice(0, 12);
}
