import type { Server, Socket } from 'node:net';
import type { Addresses } from './addresses.ts';

export interface SocketLimits {
  /** Connections of one address at once. */
  readonly perAddress: number;
  /** Of all together. */
  readonly inAll: number;
}

/**
 * Ends the connections that are too many before a byte of them is read. A proxy of ours may have any
 * number: they are those of many.
 */
export function limitSockets(server: Server, limits: SocketLimits, addresses: Addresses): void {
  const open = new Map<string, number>();
  // Node closes what is beyond this without making anything of it.
  server.maxConnections = limits.inAll;
  // By itself a worker of several gives it back, and the first process hands it round for ever.
  Object.assign(server, { dropMaxConnection: true });

  server.on('connection', (socket: Socket) => {
    if (addresses.isProxy(socket)) return;
    const address = addresses.of(socket);
    const count = (open.get(address) ?? 0) + 1;
    if (count > limits.perAddress) {
      socket.resetAndDestroy();
      return;
    }
    open.set(address, count);
    socket.once('close', () => {
      const left = open.get(address)! - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
    });
  });
}
