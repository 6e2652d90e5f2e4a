import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * An IP address as a number. IPv6 forms that stand for an IPv4 host, `::ffff:0:0/96` (mapped) and
 * `64:ff9b::/96` (NAT64), are unwrapped: they are family 4 here and take its verdict.
 */
export interface Address {
  readonly family: 4 | 6;
  readonly bits: bigint;
}

/** All addresses that share the first `prefix` bits. */
export interface Network {
  readonly family: 4 | 6;
  readonly bits: bigint;
  readonly prefix: number;
}

/** Null for what is not a plain address: names, ports, zones (`fe80::1%eth0`), short forms. */
export function parseAddress(text: string): Address | null {
  if (isIP(text) === 0 || text.includes('%')) return null;
  const parsed = ipaddr.parse(text);
  const bits = parsed.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  if (parsed.kind() === 'ipv4') return { family: 4, bits };
  return isIpv4InIpv6(bits) ? { family: 4, bits: bits & LOW_32 } : { family: 6, bits };
}

/**
 * Reads `10.0.0.0/8`, `fd00::/8` or one address; throws an `Error` that names the text if it is
 * neither. A network inside an unwrapped range is the IPv4 network it stands for.
 */
export function parseNetwork(text: string): Network {
  const [host = '', length, ...rest] = text.split('/');
  const size = isIP(host) === 4 ? 32 : 128;
  const prefix = length === undefined ? size : Number(length);
  const address = parseAddress(host);
  const isWellFormed = length === undefined || /^\d{1,3}$/.test(length);
  if (address === null || !isWellFormed || prefix > size || rest.length > 0) {
    throw new Error(`not a network in CIDR notation: ${JSON.stringify(text)}`);
  }
  if (address.family === 6 || size === 32) return { ...address, prefix };
  // `64:ff9b::/96` would quietly stand for all of IPv4, private networks included.
  if (prefix > 96) return { ...address, prefix: prefix - 96 };
  throw new Error(`write this as a network of IPv4: ${JSON.stringify(text)}`);
}

export function isInNetwork(address: Address, network: Network): boolean {
  if (address.family !== network.family) return false;
  const rest = BigInt((address.family === 4 ? 32 : 128) - network.prefix);
  return address.bits >> rest === network.bits >> rest;
}

/** Whether the address belongs to a host of the public internet. What is not known is not public. */
export function isPublic(address: Address): boolean {
  if (isInAny(address, NOT_PUBLIC)) return false;
  if (address.family === 4) return true;
  return isInNetwork(address, GLOBAL_UNICAST) && carriedIpv4(address).every(isPublic);
}

export function isLoopback(address: Address): boolean {
  return isInAny(address, LOOPBACK);
}

/** Whether the system delivers to itself what is sent there, as far as the address tells. */
export function isThisMachine(address: Address): boolean {
  return isLoopback(address) || isInAny(address, UNSPECIFIED);
}

/**
 * Whether a cloud hands out credentials or serves its own machinery there. No setting lifts this,
 * also not for the IPv6 forms that carry such an IPv4 address to a gateway.
 */
export function isCloudMetadata(address: Address): boolean {
  return isInAny(address, CLOUD_METADATA) || carriedIpv4(address).some(isCloudMetadata);
}

function isInAny(address: Address, networks: readonly Network[]): boolean {
  return networks.some((network) => isInNetwork(address, network));
}

const LOW_32 = 0xffff_ffffn;
const MAPPED = 0xffffn; // ::ffff:0:0/96
const NAT64 = 0x64_ff9bn << 64n; // 64:ff9b::/96

function isIpv4InIpv6(bits: bigint): boolean {
  const high = bits >> 32n;
  return high === MAPPED || high === NAT64;
}

/** IPv4 addresses inside an IPv6 address by one of the conventions that gateways know. */
function carriedIpv4({ family, bits }: Address): readonly Address[] {
  if (family === 4) return [];
  const found: bigint[] = [];
  const high96 = bits >> 32n;
  if (high96 === 0n) found.push(bits); // IPv4-compatible, ::a.b.c.d
  if (high96 === 0xffff_0000n) found.push(bits); // SIIT, ::ffff:0:a.b.c.d
  if (((bits >> 32n) & 0xfdff_ffffn) === 0x5efen) found.push(bits); // ISATAP, any prefix
  if (bits >> 112n === 0x2002n) found.push(bits >> 80n); // 6to4
  if (bits >> 96n === 0x2001_0000n) found.push(bits >> 64n, ~bits); // Teredo: server, client
  if (bits >> 80n === 0x64_ff9b_0001n) {
    // Local NAT64: by RFC 6052 the prefix has 48, 56, 64 or 96 bits, and bits 64 to 71 are skipped.
    const squeezed = ((bits >> 64n) << 56n) | (bits & ((1n << 56n) - 1n));
    found.push(squeezed >> 40n, squeezed >> 32n, squeezed >> 24n, bits);
  }
  return found.map((carried) => ({ family: 4, bits: carried & LOW_32 }));
}

const GLOBAL_UNICAST = parseNetwork('2000::/3');
const UNSPECIFIED = ['0.0.0.0/8', '::'].map(parseNetwork);
const LOOPBACK = ['127.0.0.0/8', '::1'].map(parseNetwork);

/** IANA's special-purpose registries, multicast and class E; of IPv6 what lies inside 2000::/3. */
const NOT_PUBLIC = [
  '0.0.0.0/8', // this host; Linux connects it to loopback
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carrier-grade NAT
  '127.0.0.0/8', // loopback
  '168.63.129.16', // Azure's wire server; looks public, exists only inside Azure
  '169.254.0.0/16', // link-local, cloud metadata
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.31.196.0/24', // AS112
  '192.52.193.0/24', // AMT
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // benchmarking
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // class E, broadcast
  '2001::/23', // protocol assignments: Teredo, benchmarking, AMT, ORCHID
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '2620:4f:8000::/48', // AS112
  '3fff::/20', // documentation
].map(parseNetwork);

const CLOUD_METADATA = [
  '169.254.0.0/16', // nearly everybody
  '168.63.129.16', // Azure
  '100.100.100.200', // Alibaba
  '192.0.0.192', // Oracle
  'fd00:ec2::/32', // Amazon: metadata, credentials of containers, DNS, time
  'fd20:ce::254', // Google
  'fd00:c1::a9fe:a9fe', // Oracle
  'fd00:42::42', // Scaleway
  'fe80::a9fe:a9fe', // OpenStack
].map(parseNetwork);
