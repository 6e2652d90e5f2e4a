import ipaddr from 'ipaddr.js';
import { BlockList, isIPv6, type Socket } from 'node:net';

/** Whose connection it is. */
export interface Addresses {
  /** As {@link countedAs} says. */
  of(socket: Socket): string;
  /** A proxy of ours: who is behind it stands in a header, and one connection is of many clients. */
  isProxy(socket: Socket): boolean;
}

/** @param proxies Networks (CIDR) of our own proxies. */
export function createAddresses(proxies: readonly string[]): Addresses {
  const trusted = new BlockList();
  for (const network of proxies) {
    const [address = '', bits] = network.split('/');
    trusted.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  // Reading an address costs as much as a quarter of a request, and a connection brings many.
  const known = new WeakMap<Socket, string>();

  return {
    of(socket) {
      let address = known.get(socket);
      if (address === undefined) {
        address = countedAs(socket.remoteAddress ?? '');
        known.set(socket, address);
      }
      return address;
    },
    isProxy({ remoteAddress = '' }) {
      return (
        proxies.length > 0 && trusted.check(remoteAddress, isIPv6(remoteAddress) ? 'ipv6' : 'ipv4')
      );
    },
  };
}

/** An address as it is counted: of IPv6 the /64, of which whoever has one has 2^64. */
export function countedAs(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed.kind() === 'ipv4') return parsed.toString();
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${address}/64`).toString()}/64`;
}
