import type { ActionName, RecordByAction } from './records.ts';

export interface VerifyInput {
  /**
   * The shared secret, or several while it is being changed: one of them has to fit. A secret that
   * begins with `whsec_` is base64 for the `standard` scheme; every other is used as its bytes.
   *
   * Or the public key of the sender, `whpk_BASE64`, for the `standard` scheme, if it signs with its
   * half (`v1a`): it may stand in a repository, and whoever has it cannot sign.
   */
  readonly secret: string | readonly string[];
  /** Of the request: a `Headers`, or what Node, Express and Fastify have; names in any case. */
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The raw body, before anything parsed it. */
  readonly body: Uint8Array | ArrayBuffer | string;
  /**
   * Which signature is asked for; the other one is not looked at. `standard` (the default) is
   * `webhook-signature`, which also signs the id and the time. `nexudus` is
   * `X-Nexudus-Hook-Signature`, which signs the body alone: whoever has seen an old call can send it
   * again.
   */
  readonly scheme?: 'standard' | 'nexudus';
  /** How far the signed time may be from ours, either way. Default: 5 minutes. */
  readonly toleranceMs?: number;
  /** Default: `Date.now`. */
  readonly now?: () => number;
}

/** A genuine call. With `if (call.action === 'BookingCreate')` its record is a `Booking`. */
export type Call = CallOf<null, Readonly<Record<string, unknown>>> | KnownCall;

export interface CallOf<Action, Rec> {
  /** The same in every attempt; null if the sender has none (the `nexudus` scheme). */
  readonly id: string | null;
  /** When this call was made. */
  readonly sentAt: Date | null;
  /** From 1. */
  readonly attempt: number | null;
  readonly event: string | null;
  /** Somebody tries the webhook out. */
  readonly isTest: boolean;
  /**
   * What took place. The header that says so is not signed: where that matters, give each action a
   * URL of its own.
   */
  readonly action: Action;
  /** The one record in the body. Integers above 2^53 are rounded; the raw body has their digits. */
  readonly record: Rec;
}

type KnownCall = { [A in ActionName]: CallOf<A, RecordByAction[A]> }[ActionName];

/**
 * Why a call is not taken: `missing` (a header is not there), `malformed` (a header or the body is
 * not what Posthorn sends), `too_old` and `too_new` (the signed time), `wrong_signature`.
 */
export type SignatureProblem = 'missing' | 'malformed' | 'too_old' | 'too_new' | 'wrong_signature';

/** The call is not genuine. Answer 401 and nothing more. */
export class SignatureError extends Error {
  readonly reason: SignatureProblem;

  constructor(reason: SignatureProblem, message: string) {
    super(message);
    this.name = 'SignatureError';
    this.reason = reason;
  }
}

const TOLERANCE_MS = 5 * 60_000;
/** Enough while a key pair is changed; a check costs many times an HMAC. */
const MAX_BY_KEY_PAIR = 4;

/**
 * Resolves with the call if it is genuine and rejects with a {@link SignatureError} if it is not, so
 * that no answer can be mistaken for a yes. A secret that is empty or malformed is a `TypeError`.
 *
 *     const call = await verify({ secret, headers: request.headers, body });
 *     if (call.action === 'BookingCreate') console.log(call.record.ResourceName);
 *
 * Signatures are compared in constant time. Whether a call came before is yours to know: by `id`.
 */
export async function verify(input: VerifyInput): Promise<Call> {
  const { scheme = 'standard' } = input;
  const secrets = typeof input.secret === 'string' ? [input.secret] : input.secret;
  if (secrets.length === 0) throw new TypeError('secret: there is none');
  const body = bytesOf(input.body);
  const header = (name: string) => headerOf(input.headers, name);

  await (scheme === 'nexudus'
    ? verifyNexudus(secrets, header, body)
    : verifyStandard(secrets, header, body, input));
  return readCall(header, body);
}

type ReadHeader = (name: string) => string | null;

async function verifyStandard(
  secrets: readonly string[],
  header: ReadHeader,
  body: Uint8Array<ArrayBuffer>,
  { toleranceMs = TOLERANCE_MS, now = Date.now }: VerifyInput,
): Promise<void> {
  const id = required(header, 'webhook-id');
  const timestamp = required(header, 'webhook-timestamp');
  const signatures = required(header, 'webhook-signature').split(' ');
  const given = (version: string) =>
    signatures
      .filter((one) => one.startsWith(`${version},`))
      .map((one) => fromBase64(one.slice(version.length + 1)));

  if (!/^\d{1,12}$/.test(timestamp)) {
    throw new SignatureError('malformed', 'webhook-timestamp is not a time in seconds.');
  }
  const aheadMs = Number(timestamp) * 1000 - now();
  // Written so that a tolerance that is not a number takes nothing.
  if (!(aheadMs >= -toleranceMs)) {
    throw new SignatureError('too_old', 'webhook-timestamp is too long ago.');
  }
  if (!(aheadMs <= toleranceMs)) {
    throw new SignatureError('too_new', 'webhook-timestamp is too far ahead.');
  }

  const signed = concat(new TextEncoder().encode(`${id}.${timestamp}.`), body);
  const publicKeys = secrets.filter(isPublicKey).map(publicKey);
  const keys = secrets.filter((secret) => !isPublicKey(secret)).map(standardKey);
  const byKeyPair = given('v1a').slice(0, MAX_BY_KEY_PAIR);
  if (await isSignedByKeyPair(publicKeys, signed, byKeyPair)) return;
  await expectSignature(keys, signed, given('v1'));
}

async function verifyNexudus(
  secrets: readonly string[],
  header: ReadHeader,
  body: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const given = fromHex(required(header, 'x-nexudus-hook-signature'));
  await expectSignature(secrets.map(plainKey), body, [given]);
}

/** One HMAC for each secret, however many signatures somebody sends. */
async function expectSignature(
  keys: readonly Uint8Array<ArrayBuffer>[],
  signed: Uint8Array<ArrayBuffer>,
  given: readonly (Uint8Array | null)[],
): Promise<void> {
  let isGenuine = false;
  for (const key of keys) {
    const expected = await hmac(key, signed);
    for (const one of given) {
      if (one !== null && isSame(one, expected)) isGenuine = true;
    }
  }
  if (!isGenuine) throw new SignatureError('wrong_signature', 'No signature fits the body.');
}

/** One check for each key and signature; how many of these somebody sends is not up to them. */
async function isSignedByKeyPair(
  keys: readonly Uint8Array<ArrayBuffer>[],
  signed: Uint8Array<ArrayBuffer>,
  given: readonly (Uint8Array<ArrayBuffer> | null)[],
): Promise<boolean> {
  for (const key of keys) {
    const imported = await crypto.subtle.importKey('raw', key, 'Ed25519', false, ['verify']);
    for (const one of given) {
      if (one !== null && (await crypto.subtle.verify('Ed25519', imported, one, signed)))
        return true;
    }
  }
  return false;
}

async function hmac(key: Uint8Array<ArrayBuffer>, signed: Uint8Array<ArrayBuffer>) {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', key, algorithm, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, signed));
}

/** The time depends on the lengths, which are no secret, and on nothing else. */
function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  let difference = 0;
  for (let i = 0; i < one.length; i++) difference |= one[i]! ^ other[i]!;
  return difference === 0;
}

function isPublicKey(secret: string): boolean {
  return typeof secret === 'string' && secret.startsWith('whpk_');
}

function publicKey(text: string): Uint8Array<ArrayBuffer> {
  const key = fromBase64(text.slice('whpk_'.length));
  if (key?.length !== 32) throw new TypeError('secret: after whpk_ it must be base64 of 32 bytes');
  return key;
}

function plainKey(secret: string): Uint8Array<ArrayBuffer> {
  if (typeof secret !== 'string' || secret === '') throw new TypeError('secret: is empty');
  // Everybody has it: a HMAC with it would prove nothing.
  if (isPublicKey(secret)) throw new TypeError('secret: a whpk_ key is for the standard scheme');
  return new TextEncoder().encode(secret);
}

function standardKey(secret: string): Uint8Array<ArrayBuffer> {
  const plain = plainKey(secret);
  if (!secret.startsWith('whsec_')) return plain;
  const key = fromBase64(secret.slice('whsec_'.length));
  if (key === null || key.length === 0) {
    throw new TypeError('secret: after whsec_ it must be standard base64');
  }
  return key;
}

function readCall(header: ReadHeader, body: Uint8Array): Call {
  const timestamp = Number(header('webhook-timestamp') ?? Number.NaN);
  const attempt = Number(header('posthorn-attempt') ?? Number.NaN);
  const call: CallOf<string | null, unknown> = {
    id: header('webhook-id'),
    sentAt: Number.isNaN(timestamp) ? null : new Date(timestamp * 1000),
    attempt: Number.isNaN(attempt) ? null : attempt,
    event: header('posthorn-event'),
    isTest: header('posthorn-test') === 'true',
    action: header('posthorn-action'),
    record: readRecord(body),
  };
  // Which record an action carries is the platform's word.
  return call as Call;
}

function readRecord(body: Uint8Array): object {
  let records: unknown;
  try {
    records = JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw new SignatureError('malformed', 'The body is not JSON.');
  }
  const record: unknown = Array.isArray(records) && records.length === 1 ? records[0] : null;
  if (typeof record !== 'object' || record === null) {
    throw new SignatureError('malformed', 'The body is not an array with one record.');
  }
  return record;
}

function required(header: ReadHeader, name: string): string {
  const value = header(name);
  if (value === null || value === '') {
    throw new SignatureError('missing', `The call has no ${name}.`);
  }
  return value;
}

function headerOf(headers: VerifyInput['headers'], name: string): string | null {
  if (headers instanceof Headers) return headers.get(name);
  const key = Object.keys(headers).find((one) => one.toLowerCase() === name);
  const value = key === undefined ? undefined : headers[key];
  if (value === undefined || typeof value === 'string') return value ?? null;
  return value.join(', ');
}

function bytesOf(body: VerifyInput['body']): Uint8Array<ArrayBuffer> {
  if (typeof body === 'string') return new TextEncoder().encode(body);
  if (body instanceof Uint8Array) return new Uint8Array(body);
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  throw new TypeError('body: give the raw body, before anything parsed it');
}

function concat(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}

function fromHex(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^(?:[0-9A-Fa-f]{2})+$/.test(text)) return null;
  return Uint8Array.from(text.match(/../g)!, (pair) => Number.parseInt(pair, 16));
}
