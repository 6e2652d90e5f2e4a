import type { IncomingHttpHeaders } from 'node:http';

/** The log shows what helps to find a mistake; past this it is the receiver's problem. */
const MAX_TOTAL_CHARS = 8 * 1024;
const MAX_VALUE_CHARS = 1024;
/** Real receivers send up to 40. */
const MAX_HEADERS = 100;

/** Credentials of the receiver, of no use to us, are not kept. */
const NOT_KEPT = new Set(['set-cookie', 'set-cookie2', 'authorization', 'proxy-authenticate']);

/**
 * The headers of a response as the log keeps them: name and value alternating, names in lower
 * case, values as Latin-1 text cut at 1 KiB; the first 100 of them, up to 8 KiB in all.
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
      if (room < 0 || kept.length === 2 * MAX_HEADERS) return kept;
      kept.push(name, cut);
    }
  }
  return kept;
}
