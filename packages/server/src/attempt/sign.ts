import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';

/**
 * The value of `X-Nexudus-Hook-Signature`: HMAC-SHA256 of the raw body, keyed with the UTF-8 bytes
 * of the secret as they are (also of one that starts with `whsec_`), as 64 upper-case hex digits.
 *
 * Deployed receivers compare with exact equality, so the case is part of the contract.
 */
export function signNexudus(secret: string, body: Uint8Array): string {
  return hmac(keysOf(secret).plain, '', body, 'hex').toUpperCase();
}

/**
 * The value of `webhook-signature` as Standard Webhooks 1.0.0 defines it: for each secret one
 * `v1,BASE64` entry over `id.timestamp.body`, separated by one space (several while a secret is
 * being rotated: the receiver accepts any of them).
 *
 * A secret of the form `whsec_BASE64` is decoded to its key; every other secret is used as its
 * UTF-8 bytes. A `whsec_` secret that is not standard base64 cannot be verified by any reference
 * library; settings refuse it (see {@link isMalformedSecret}), and should one be stored anyway its
 * bytes are used as they are, because an attempt must not fail for it.
 */
export function signStandard(
  secrets: readonly string[],
  id: string,
  timestampSeconds: number | string,
  body: Uint8Array,
): string {
  const head = `${id}.${timestampSeconds}.`;
  let value = '';
  for (const secret of secrets) {
    const signature = hmac(keysOf(secret).standard, head, body, 'base64');
    value += value === '' ? `v1,${signature}` : ` v1,${signature}`;
  }
  return value;
}

/** Whether a secret announces base64 by its `whsec_` prefix and then is not standard base64. */
export function isMalformedSecret(secret: string): boolean {
  return secret.startsWith(PREFIX) && decode(secret) === null;
}

const PREFIX = 'whsec_';

/** Standard alphabet; padding may be missing, as in the JavaScript reference library. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

function decode(secret: string): Buffer | null {
  const text = secret.slice(PREFIX.length);
  return text !== '' && BASE64.test(text) ? Buffer.from(text, 'base64') : null;
}

/**
 * HMAC-SHA256 (RFC 2104), written as the two one-shot hashes that it consists of: on the path of
 * every call, 1.2 us for 1 kB against 2 us with `createHmac` and a ready KeyObject (12 us with the
 * bytes of a secret), and 4 us less of a whole call, because no native objects are left to collect.
 */
interface Key {
  /** For the long messages, where copying costs more than it saves. */
  readonly object: KeyObject;
  readonly innerPad: Buffer;
  /** The outer pad, and 32 bytes of room for the inner hash. */
  readonly outer: Buffer;
}

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
/** Where hashing takes 10 us and more, so that the choice makes no difference. */
const MAX_ONE_SHOT_BYTES = 16 * 1024;

/** One message at a time is put together here, in one go. */
const message = Buffer.allocUnsafeSlow(MAX_ONE_SHOT_BYTES);

function hmac(key: Key, head: string, body: Uint8Array, encoding: 'hex' | 'base64'): string {
  const headBytes = Buffer.byteLength(head);
  const bodyAt = BLOCK_BYTES + headBytes;
  const bytes = bodyAt + body.length;
  if (bytes > MAX_ONE_SHOT_BYTES) {
    return createHmac('sha256', key.object).update(head).update(body).digest(encoding);
  }
  message.set(key.innerPad);
  message.write(head, BLOCK_BYTES);
  message.set(body, bodyAt);
  key.outer.write(hash('sha256', message.subarray(0, bytes), 'binary'), BLOCK_BYTES, 'binary');
  return hash('sha256', key.outer, encoding);
}

function keyFrom(bytes: Buffer): Key {
  const block = Buffer.alloc(BLOCK_BYTES);
  block.set(bytes.length > BLOCK_BYTES ? Buffer.from(hash('sha256', bytes), 'hex') : bytes);
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES);
  const innerPad = Buffer.alloc(BLOCK_BYTES);
  for (const [at, byte] of block.entries()) {
    innerPad[at] = byte ^ 0x36;
    outer[at] = byte ^ 0x5c;
  }
  return { object: createSecretKey(bytes), innerPad, outer };
}

interface Keys {
  readonly plain: Key;
  readonly standard: Key;
}

/** A memo: nothing depends on it. */
const keysBySecret = new Map<string, Keys>();

/** Enough for the secrets in use at one time; past it the oldest goes, and costs microseconds. */
const MAX_KEPT_KEYS = 1_000;

function keysOf(secret: string): Keys {
  const kept = keysBySecret.get(secret);
  if (kept !== undefined) return kept;

  const plain = keyFrom(Buffer.from(secret));
  const decoded = secret.startsWith(PREFIX) ? decode(secret) : null;
  const keys = { plain, standard: decoded === null ? plain : keyFrom(decoded) };
  if (keysBySecret.size >= MAX_KEPT_KEYS) {
    const [oldest] = keysBySecret.keys();
    if (oldest !== undefined) keysBySecret.delete(oldest);
  }
  keysBySecret.set(secret, keys);
  return keys;
}
