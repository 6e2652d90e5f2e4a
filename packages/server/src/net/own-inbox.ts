import { networkInterfaces } from 'node:os';
import { isLoopback, isThisMachine, parseAddress, type Address } from './addresses.ts';
import { targetOf, type Target } from './target.ts';

/** Where this process listens itself, and the part of it that webhooks may call. */
export interface OwnInbox {
  /** As URLs write it: an address or a name. An unspecified address stands for loopback. */
  readonly host: string;
  readonly port: number;
  /** Begins and ends with a slash: `/inbox/`. */
  readonly pathPrefix: string;
}

export interface InboxRule {
  readonly origin: string;
  /** Whether the URL, of this origin, stays inside the inbox. */
  allowsPath(url: Readonly<URL>): boolean;
  /** Whether a connection for this target is one to the inbox. */
  isTarget(target: Target): boolean;
  /** Whether the inbox itself is at this address. */
  isAt(address: Address): boolean;
  /** Whether something at this address and port is this process. */
  isThisProcess(address: Address, port: number): boolean;
}

/** Throws an `Error` when the place cannot be part of a URL. */
export function createInboxRule({ host, port, pathPrefix }: OwnInbox): InboxRule {
  if (!/^\/(.*\/)?$/.test(pathPrefix)) {
    throw new Error(`the inbox's path must begin and end with a slash: ${pathPrefix}`);
  }
  const named = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const url = new URL(`http://${named.includes(':') ? `[${named}]` : named}:${port}`);
  const { hostname } = targetOf(url);
  const literal = parseAddress(hostname);

  const isAt = (address: Address): boolean =>
    literal === null ? isLoopback(address) : isSame(address, literal);

  return {
    origin: url.origin,
    // Dot segments are resolved by the URL; what is still encoded might be one to a router.
    allowsPath: ({ pathname }) => pathname.startsWith(pathPrefix) && !pathname.includes('%'),
    isTarget: (target) =>
      target.protocol === 'http:' && target.hostname === hostname && target.port === port,
    isAt,
    isThisProcess: (address, otherPort) =>
      otherPort === port && (isThisMachine(address) || isAt(address) || isOwnInterface(address)),
  };
}

function isOwnInterface(address: Address): boolean {
  return Object.values(networkInterfaces())
    .flatMap((found) => found ?? [])
    .map((found) => parseAddress(found.address))
    .some((own) => own !== null && isSame(address, own));
}

function isSame(one: Address, other: Address): boolean {
  return one.family === other.family && one.bits === other.bits;
}
