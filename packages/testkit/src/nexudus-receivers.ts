import { createHmac } from 'node:crypto';

/** A way in which receivers of Nexudus webhooks verify a call and read its record. */
export interface NexudusReceiver {
  readonly name: string;
  /** The record, or null when the signature is not that of the body. */
  readonly receive: (secret: string, signature: string, body: Buffer) => unknown;
}

/**
 * As they are deployed and documented: what we sign must satisfy all of them, for records within ASCII
 * and beyond.
 */
export const nexudusReceivers: readonly NexudusReceiver[] = [
  {
    name: 'compares upper-case hex of the raw body exactly, and goes over the array',
    receive: (secret, signature, body) =>
      signature === hexOf(secret, body) ? goneOver(JSON.parse(body.toString())) : null,
  },
  {
    name: 'compares in any case, and reads index 0',
    receive: (secret, signature, body) =>
      signature.toLowerCase() === hexOf(secret, body).toLowerCase()
        ? firstOf(JSON.parse(body.toString()))
        : null,
  },
  {
    name: 'takes secret and text as .NET’s ASCII, in which all else is a question mark',
    receive: (secret, signature, body) =>
      signature === hexOf(ascii(secret), ascii(body.toString()))
        ? firstOf(JSON.parse(body.toString()))
        : null,
  },
  {
    name: 'writes the array again, as Json.NET does when it escapes what is not ASCII',
    receive: (secret, signature, body) => {
      const records: unknown = JSON.parse(body.toString());
      return signature === hexOf(ascii(secret), ascii(escaped(JSON.stringify(records))))
        ? firstOf(records)
        : null;
    },
  },
];

/**
 * As the last one, but leaving what is not ASCII as it is, as Json.NET does by default. It is right
 * about records within ASCII only: what it hashes has question marks in it, which were never sent.
 */
export const receiverThatDoesNotEscape: NexudusReceiver = {
  name: 'writes the array again without escapes',
  receive: (secret, signature, body) => {
    const records: unknown = JSON.parse(body.toString());
    return signature === hexOf(ascii(secret), ascii(JSON.stringify(records)))
      ? firstOf(records)
      : null;
  },
};

function hexOf(secret: string | Buffer, message: Buffer): string {
  return createHmac('sha256', secret).update(message).digest('hex').toUpperCase();
}

function ascii(text: string): Buffer {
  return Buffer.from(text.replaceAll(/[^\0-\x7f]/g, '?'), 'latin1');
}

function escaped(json: string): string {
  return json.replaceAll(
    /[^\0-\x7f]/g,
    (unit) => String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function goneOver(records: unknown): unknown {
  let last: unknown = null;
  for (const record of records as Iterable<unknown>) last = record;
  return last;
}

function firstOf(records: unknown): unknown {
  return (records as readonly unknown[])[0];
}
