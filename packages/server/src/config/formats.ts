import { isIP } from 'node:net';

/** The keys in a text, separated by commas or lines; undefined if one is none, or there is none. */
export function decodeKeys(text: string): readonly Buffer[] | undefined {
  const keys = text
    .trim()
    .split(/[\s,]+/)
    .map(decodeKey);
  return keys.includes(undefined) ? undefined : (keys as Buffer[]);
}

/** The 32 bytes behind a key written as hex or base64; undefined if it is neither. */
function decodeKey(text: string): Buffer | undefined {
  const bytes = /^[0-9a-fA-F]{64}$/.test(text)
    ? Buffer.from(text, 'hex')
    : Buffer.from(text, 'base64');
  return bytes.length === 32 ? bytes : undefined;
}

export function isPostgresUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^postgres(ql)?:$/.test(url.protocol) && url.pathname.length > 1;
}

/** `10.1.0.0/16`, of either family. */
export function isNetwork(text: string): boolean {
  const [, address = '', bits] = /^(.+)\/(\d{1,3})$/.exec(text) ?? [];
  const family = isIP(address);
  return family !== 0 && Number(bits) <= (family === 4 ? 32 : 128);
}

/** A name as it stands in a URL: lower-case, without port. */
export function isHostName(text: string): boolean {
  if (text.includes('@')) return false;
  const url = URL.parse(`http://${text}`);
  return url !== null && url.href === `http://${url.hostname}/` && !url.hostname.startsWith('[');
}

/** What a provider of OpenID Connect may be called: https, or http on this very machine. */
export function isIssuer(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.search !== '' || url.hash !== '' || url.username !== '') return false;
  const isHere = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && isHere);
}
