import type { IncomingHttpHeaders } from 'node:http';

/** The log shows what helps to find a mistake; past this it is the receiver's problem. */
const MAX_TOTAL_CHARS = 8 * 1024;
const MAX_VALUE_CHARS = 1024;

/** Credentials of the receiver, of no use to us, are not kept. */
const NOT_KEPT = new Set(['set-cookie', 'set-cookie2', 'authorization', 'proxy-authenticate']);

/**
 * The headers of a response as the log keeps them: name and value alternating, names in lower
 * case, values as Latin-1 text cut at 1 KiB, in all at most 8 KiB (the first ones that fit).
 */
export function keepHeaders(headers: IncomingHttpHeaders): string[] {
  const kept: string[] = [];
  let room = MAX_TOTAL_CHARS;
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || NOT_KEPT.has(name)) continue;
    for (const one of typeof value === 'string' ? [value] : value) {
      const cut = one.length > MAX_VALUE_CHARS ? one.slice(0, MAX_VALUE_CHARS) : one;
      room -= name.length + cut.length;
      if (room < 0) return kept;
      kept.push(name, cut);
    }
  }
  return kept;
}
