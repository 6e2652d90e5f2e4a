import { REFUSALS, type Refusal } from './refusals.ts';

export const MAX_URL_LENGTH = 2_048;

/**
 * Reads the text of a URL as the request will be sent to it. `new URL` forgives much: it drops
 * tabs and newlines, takes `\` for `/` and `https:host` for a URL. Text that needs forgiving may
 * mean another host to another reader, so it is refused.
 */
export function readUrl(raw: string): URL | Refusal {
  if (raw.length > MAX_URL_LENGTH) return REFUSALS.tooLong;
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  if (/[\x00-\x20\x7f\\]/.test(raw) || !/^https?:\/\/[^/]/i.test(raw) || !raw.isWellFormed()) {
    return REFUSALS.spelling;
  }
  // Also `https://@host/`, which leaves no trace in the parsed URL.
  if (/^[^/]+\/\/[^/?#]*@/.test(raw)) return REFUSALS.credentials;
  const url = URL.parse(raw);
  if (url === null) return REFUSALS.spelling;
  return url.href.length > MAX_URL_LENGTH ? REFUSALS.tooLong : url;
}
