import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { Worker } from 'node:worker_threads';
import { certificates } from '../certificates.ts';
import type { HostileTarget } from './case.ts';

export interface HostileReceiver {
  /** Where to call it. */
  readonly url: string;
  /** What the resolver says instead of an answer, for names that have no address. */
  readonly lookupErrorCode: string | null;
  /** Connections accepted so far. */
  readonly connections: number;
  /** Connections open now. */
  readonly openConnections: number;
  /** Breaks what is open and frees the port. */
  close(): Promise<void>;
}

/** Puts a hostile target on a free port of 127.0.0.1: real sockets, real TLS. */
export async function openHostile(target: HostileTarget): Promise<HostileReceiver> {
  switch (target.kind) {
    case 'listener':
      return openListener(target);
    case 'refused':
      return closedPort();
    case 'full backlog':
      return fullBacklog();
    case 'no address':
      return {
        ...nothingOpen,
        url: 'http://hooks.receiver.example/call',
        lookupErrorCode: target.code,
      };
  }
}

const nothingOpen = {
  lookupErrorCode: null,
  connections: 0,
  openConnections: 0,
  close: () => Promise.resolve(),
};

async function openListener(
  target: Extract<HostileTarget, { kind: 'listener' }>,
): Promise<HostileReceiver> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const serve = (socket: Socket) => target.serve(socket, connections);

  let server: Server;
  if (target.certificate === undefined) {
    server = createServer((socket) => {
      connections++;
      track(socket);
      serve(socket);
    });
  } else {
    const options: TlsOptions = { ...(await certificates())[target.certificate] };
    if (target.tls === 'client certificate') {
      options.requestCert = true;
      options.rejectUnauthorized = true;
    }
    if (target.tls === 'TLS 1.1') {
      options.minVersion = 'TLSv1';
      options.maxVersion = 'TLSv1.1';
      options.ciphers = 'DEFAULT@SECLEVEL=0';
    }
    server = createTlsServer(options, (socket) => {
      track(socket);
      serve(socket);
    });
    server.on('connection', (socket: Socket) => {
      connections++;
      track(socket);
    });
  }

  const port = await listen(server);
  const scheme = target.scheme ?? (target.certificate === undefined ? 'http' : 'https');
  return {
    url: `${scheme}://127.0.0.1:${port}/call`,
    lookupErrorCode: null,
    get connections() {
      return connections;
    },
    get openConnections() {
      return sockets.size;
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/**
 * The port of a connection's other end: nobody listens there, and nobody else gets it while the
 * connection lasts.
 */
async function closedPort(): Promise<HostileReceiver> {
  const server = createServer();
  const taker = connect(await listen(server), '127.0.0.1');
  const [taken] = (await once(server, 'connection')) as [Socket];
  return {
    ...nothingOpen,
    url: `http://127.0.0.1:${taken.remotePort}/call`,
    async close() {
      taker.destroy();
      taken.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/**
 * A listener in a thread that stands still, so that nobody accepts. The kernel answers for as many
 * connections as its queue holds (backlog + 1); it drops the first packet of all further ones, and
 * connecting to it never ends.
 */
async function fullBacklog(): Promise<HostileReceiver> {
  const stand = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(
    `const { workerData, parentPort } = require('node:worker_threads');
     const server = require('node:net').createServer();
     server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       setImmediate(() => { Atomics.wait(workerData, 0, 0); process.exit(); });
     });`,
    { eval: true, workerData: stand },
  );
  const [port] = (await once(worker, 'message')) as [number];
  const fillers = Array.from({ length: 4 }, () =>
    connect(port, '127.0.0.1').on('error', () => undefined),
  );
  await Promise.all(fillers.slice(0, 2).map((filler) => once(filler, 'connect')));
  return {
    ...nothingOpen,
    url: `http://127.0.0.1:${port}/call`,
    async close() {
      for (const filler of fillers) filler.destroy();
      Atomics.store(stand, 0, 1);
      Atomics.notify(stand, 0);
      await worker.terminate();
    },
  };
}
