import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { decodeKey } from '../config/options.ts';

/** Seals and opens secrets at rest. */
export interface SecretBox {
  /** Names the key, so that a store can tell which key a secret needs. */
  readonly keyId: string;
  /** `boundTo` says what the secret belongs to; it opens only with the same words. */
  seal(secret: string, boundTo: string): Uint8Array;
  /** Throws if the bytes were changed, moved to another owner, or sealed with another key. */
  open(sealed: Uint8Array, boundTo: string): string;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM with a random nonce; sealed = nonce + ciphertext + tag. */
export function createSecretBox(key: Buffer): SecretBox {
  return {
    keyId: createHash('sha256').update('posthorn key id').update(key).digest('hex').slice(0, 12),
    seal(secret, boundTo) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(boundTo));
      return Buffer.concat([
        nonce,
        cipher.update(secret, 'utf8'),
        cipher.final(),
        cipher.getAuthTag(),
      ]);
    },
    open(sealed, boundTo) {
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

/**
 * The configured key, or the one kept in the data folder, made at the first start. The file is
 * readable by its owner only; without it the secrets in the store cannot be opened.
 *
 * Called by the one process that holds the folder.
 */
export function loadSecretKey(configured: string | null, dataDir: string): Buffer {
  if (configured !== null) return decodeKey(configured)!;
  const file = join(dataDir, 'secret.key');
  if (!existsSync(file)) makeKeyFile(dataDir, file);
  const key = decodeKey(readFileSync(file, 'utf8').trim());
  if (!key) throw new Error(`${file} does not hold a key of 32 bytes`);
  return key;
}

/**
 * The file gets its name when its content is on the disk: a process that dies here, or a disk that
 * is full, leaves no half of a key that would keep every later start from working.
 */
function makeKeyFile(dataDir: string, file: string): void {
  const unnamed = `${file}.new`;
  const content = `${randomBytes(32).toString('hex')}\n`;
  writeFileSync(unnamed, content, { mode: 0o600, flush: true });
  renameSync(unnamed, file);
  const folder = openSync(dataDir, 'r');
  fsyncSync(folder);
  closeSync(folder);
}
