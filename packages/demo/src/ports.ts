import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

export const LOOPBACK = '127.0.0.1';

/** Whether nobody listens on this port of this machine. */
export async function isFree(port: number): Promise<boolean> {
  try {
    await portOf(port);
    return true;
  } catch {
    return false;
  }
}

/** A port on which nobody listens, and soon nobody will. */
export function closedPort(): Promise<number> {
  return portOf(0);
}

/** Listens for a moment; rejects if the port is taken. */
async function portOf(port: number): Promise<number> {
  const server = createServer().listen(port, LOOPBACK);
  await once(server, 'listening');
  const { port: bound } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return bound;
}
