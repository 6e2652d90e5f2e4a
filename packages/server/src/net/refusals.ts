/** Why a URL or an address is not called. */
export interface Refusal {
  /** `blocked_url`: what the URL says; `blocked_address`: where it leads. */
  readonly code: 'blocked_url' | 'blocked_address';
  /** A plain sentence for people; it names no address, port state or timing. */
  readonly reason: string;
}

const blockedUrl = (reason: string): Refusal => ({ code: 'blocked_url', reason });
const blockedAddress = (reason: string): Refusal => ({ code: 'blocked_address', reason });

/** Every refusal there is. One sentence covers all addresses, so that nobody can scan with it. */
export const REFUSALS = {
  tooLong: blockedUrl('The URL is longer than 2048 characters.'),
  spelling: blockedUrl(
    'The URL is not valid. It begins with https:// or http:// and has no spaces, control characters or backslashes.',
  ),
  plainHttp: blockedUrl('The URL must begin with https://.'),
  credentials: blockedUrl('The URL must not contain a user name or password.'),
  name: blockedUrl('The host of the URL is not a valid name.'),
  port: blockedUrl('The port of the URL is not one for HTTP.'),
  ownHost: blockedUrl('The URL leads back to Posthorn itself.'),
  localName: blockedUrl(
    'The host of the URL is a name of a local network. An operator can allow it (POSTHORN_ALLOW_HOSTS, POSTHORN_ALLOW_NETWORKS).',
  ),
  address: blockedAddress(
    'The URL leads to an address that is not public. An operator can allow such networks (POSTHORN_ALLOW_NETWORKS).',
  ),
  tooManyAddresses: blockedAddress('The host of the URL has more than 64 addresses.'),
} as const satisfies Record<string, Refusal>;
