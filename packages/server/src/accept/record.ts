import { isUtf8 } from 'node:buffer';

/** Deepest nesting of a record: far beyond any real one, far below what breaks readers. */
const MAX_DEPTH = 64;

const [QUOTE, BACKSLASH, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = Buffer.from(
  '"\\{}[]',
) as unknown as [number, number, number, number, number, number];

export type RecordProblem = 'invalid_utf8' | 'invalid_json' | 'not_an_object' | 'too_deep';

/** The rest of a sentence about each. */
export const RECORD_PROBLEMS: Readonly<Record<RecordProblem, string>> = {
  invalid_utf8: 'is not valid UTF-8',
  invalid_json: 'is not valid JSON',
  not_an_object: 'is not a JSON object',
  too_deep: 'is nested deeper than 64 levels',
};

/**
 * Checks that bytes are one JSON object as a record may be: valid UTF-8 without a byte order
 * mark, at most 64 levels deep. The bytes are only looked at; what is kept and sent are these
 * very bytes, so numbers, key order and duplicate keys stay as they came.
 */
export function recordProblem(bytes: Uint8Array): RecordProblem | null {
  if (!isUtf8(bytes)) return 'invalid_utf8';
  if (depthOf(bytes) > MAX_DEPTH) return 'too_deep';
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString());
  } catch {
    return 'invalid_json';
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? null
    : 'not_an_object';
}

/** Levels of nesting, by a scan that recursion cannot overflow. */
function depthOf(bytes: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (inString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (++depth > deepest) deepest = depth;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
  }
  return deepest;
}

/**
 * The records of a batch, one per line; the line feed and a carriage return before it are no part
 * of a record. Empty lines are left out.
 */
export function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const feed = bytes.indexOf(10, start);
    const next = feed === -1 ? bytes.length : feed;
    const end = next > start && bytes[next - 1] === 13 ? next - 1 : next;
    if (end > start) lines.push(bytes.subarray(start, end));
    start = next + 1;
  }
  return lines;
}

/** Which line of a batch a record that `splitLines` returned is, from 1, empty lines included. */
export function lineOf(record: Buffer, bytes: Buffer): number {
  const end = record.byteOffset - bytes.byteOffset;
  let line = 1;
  for (let at = bytes.indexOf(10); at !== -1 && at < end; at = bytes.indexOf(10, at + 1)) line++;
  return line;
}
