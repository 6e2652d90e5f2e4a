import { isAscii } from 'node:buffer';

const OPEN = 0x5b; // [
const CLOSE = 0x5d; // ]
const BACKSLASH = 0x5c;
const SMALL_U = 0x75;

/** "\uXXXX" is five bytes longer than the one UTF-16 unit that it replaces. */
const ESCAPE_GROWTH = 5;

/**
 * The body of a call: the record in an array of one, in ASCII only.
 *
 * The record's bytes are kept as they are - digits, key order, duplicate keys, white space and its
 * own escapes. Only what is outside ASCII becomes an escape, one `\uXXXX` with lower-case digits
 * per UTF-16 unit (two for an emoji), which is the same JSON. Receivers of Nexudus webhooks sign
 * either the raw bytes or the text as ASCII; with an ASCII body the two are one.
 *
 * The record must be UTF-8 (accept has checked it). It is not copied where it need not be looked
 * at: an ASCII record of 1 kB costs well under a microsecond.
 */
export function composeBody(record: Uint8Array): Buffer {
  if (isAscii(record)) {
    const body = Buffer.allocUnsafe(record.length + 2);
    body[0] = OPEN;
    body.set(record, 1);
    body[record.length + 1] = CLOSE;
    return body;
  }
  return composeEscaped(
    Buffer.from(record.buffer, record.byteOffset, record.length).toString('utf8'),
  );
}

function composeEscaped(record: string): Buffer {
  let escapes = 0;
  for (let i = 0; i < record.length; i++) if (record.charCodeAt(i) > 0x7f) escapes++;

  const body = Buffer.allocUnsafe(record.length + escapes * ESCAPE_GROWTH + 2);
  let at = 0;
  body[at++] = OPEN;
  for (let i = 0; i < record.length; i++) {
    const unit = record.charCodeAt(i);
    if (unit <= 0x7f) {
      body[at++] = unit;
      continue;
    }
    body[at++] = BACKSLASH;
    body[at++] = SMALL_U;
    body[at++] = hexDigit(unit >> 12);
    body[at++] = hexDigit((unit >> 8) & 0xf);
    body[at++] = hexDigit((unit >> 4) & 0xf);
    body[at++] = hexDigit(unit & 0xf);
  }
  body[at] = CLOSE;
  return body;
}

function hexDigit(value: number): number {
  return value < 10 ? 0x30 + value : 0x61 - 10 + value;
}
