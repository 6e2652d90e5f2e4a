/**
 * What a host name can lead to: `public` names live in the world's DNS, `local` ones mean
 * something else on every network, `metadata` ones belong to a cloud's machinery, and `malformed`
 * ones are no names.
 */
export type NameScope = 'public' | 'local' | 'metadata' | 'malformed';

/** `name` is a host name as `URL.hostname` writes it: lower case, ASCII, IDNA applied. */
export function scopeOfName(name: string): NameScope {
  const bare = withoutFinalDot(name);
  // RFC 1035: 253 octets in total, labels of 1 to 63. Underscores exist in the wild.
  if (bare.length > 253 || !/^[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/.test(bare)) {
    return 'malformed';
  }
  if (METADATA_NAMES.has(bare)) return 'metadata';
  if (!bare.includes('.') || LOCAL_SUFFIXES.some((suffix) => bare.endsWith(suffix))) return 'local';
  return 'public';
}

/** Whether the name means this machine wherever it is asked (RFC 6761 and hosts files). */
export function isLocalhostName(name: string): boolean {
  const bare = withoutFinalDot(name);
  return LOCALHOST_NAMES.has(bare) || bare.endsWith('.localhost');
}

/** `example.com.` and `example.com` are one name. */
export function withoutFinalDot(name: string): string {
  return name.endsWith('.') ? name.slice(0, -1) : name;
}

const LOCALHOST_NAMES = new Set([
  'localhost',
  'localhost.localdomain',
  'localhost6',
  'localhost6.localdomain6',
  'ip6-localhost',
  'ip6-loopback',
]);

/** Special-use (RFC 6761, 6762, 7686, 8375, 9476) and those that networks use by custom. */
const LOCAL_SUFFIXES = [
  '.localhost',
  '.local',
  '.localdomain',
  '.localdomain6',
  '.internal',
  '.intranet',
  '.corp',
  '.home',
  '.lan',
  '.private',
  '.onion',
  '.alt',
  '.home.arpa',
  '.svc',
];

/** Refused whatever they resolve to; the addresses behind them are refused as well. */
const METADATA_NAMES = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'metadata.azure.internal',
  'metadata.tencentyun.com',
  'instance-data',
  'instance-data.ec2.internal',
]);
