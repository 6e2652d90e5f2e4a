import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Random } from './front-desk/random.ts';
import { closedPort, LOOPBACK } from './ports.ts';

/** Of 100 calls, so many are answered with 500, and so many not at all. */
const ERROR_PERCENT = 22;
const SILENT_PERCENT = 8;

export interface Receiver {
  readonly url: string;
  close(): Promise<void>;
}

/** Answers well most of the time, sometimes with 500, sometimes not at all. */
export async function openFlaky(random: Random): Promise<Receiver> {
  const server = createServer((request, response) => {
    request.resume();
    if (random.chance(SILENT_PERCENT)) return;
    const wrong = random.chance(ERROR_PERCENT);
    setTimeout(() => response.writeHead(wrong ? 500 : 204).end(), random.between(5, 120));
  });
  const port = await listen(server, 0);
  return { url: `http://${LOOPBACK}:${port}/bookings`, close: () => close(server) };
}

/** A receiver that is down, until somebody repairs it. */
export async function openDead(): Promise<Receiver & { repair(): Promise<void> }> {
  const port = await closedPort();
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(204).end();
  });
  return {
    url: `http://${LOOPBACK}:${port}/invoices`,
    repair: async () => void (await listen(server, port)),
    close: () => close(server),
  };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, LOOPBACK);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  server.close();
  server.closeAllConnections();
  await once(server, 'close');
}
