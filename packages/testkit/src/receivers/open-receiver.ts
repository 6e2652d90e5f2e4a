import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** One call as the receiver got it. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** Name and value alternating, exactly as received. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  /** Epoch ms at which the last byte was read. */
  readonly receivedAt: number;
  /** Which connection to this receiver brought it, from 1. */
  readonly connection: number;
}

/**
 * What to say to a call. A number is a status without a body; `hang` never answers; `reset` breaks
 * the connection. A promise answers when it resolves, so a test decides when a slow receiver is done.
 */
export type Answer =
  | number
  | 'hang'
  | 'reset'
  | {
      readonly status?: number;
      readonly headers?: Record<string, string>;
      readonly body?: string | Buffer;
    };

export interface ReceiverInput {
  /** @param n Which request this is, from 1. Default: 200 without a body. */
  readonly answer?: (request: ReceivedRequest, n: number) => Answer | Promise<Answer>;
  /** Speaks TLS with this certificate. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Default: any free port of 127.0.0.1. */
  readonly port?: number;
}

export interface Receiver {
  /** `http://127.0.0.1:PORT`, without a path. */
  readonly url: string;
  readonly port: number;
  /** Everything received so far, in the order of arrival. */
  readonly requests: readonly ReceivedRequest[];
  /** Connections accepted so far. */
  readonly connections: number;
  /** Resolves as soon as `n` requests have come in all; rejects after the deadline. */
  readonly waitFor: (n: number, deadlineMs?: number) => Promise<readonly ReceivedRequest[]>;
  /** Breaks open connections and frees the port. */
  close(): Promise<void>;
}

/** A receiver that behaves well: a real HTTP server on loopback that keeps what it gets. */
export async function openReceiver(input: ReceiverInput = {}): Promise<Receiver> {
  const answer = input.answer ?? (() => 200);
  const requests: ReceivedRequest[] = [];
  // By the peer's port, which the TLS socket of a request has in common with the one below it.
  const numbers = new Map<number | undefined, number>();
  const waiting = new Set<() => void>();
  let connections = 0;

  const server = input.tls ? createTlsServer(input.tls) : createServer();
  server.on('connection', (socket: Socket) => {
    connections++;
    numbers.set(socket.remotePort, connections);
    socket.on('error', () => socket.destroy());
  });
  server.on('request', (incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('error', () => incoming.destroy());
    incoming.on('end', () => {
      const request: ReceivedRequest = {
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        headers: incoming.headers,
        rawHeaders: incoming.rawHeaders,
        body: Buffer.concat(chunks),
        receivedAt: Date.now(),
        connection: numbers.get(incoming.socket.remotePort) ?? 0,
      };
      requests.push(request);
      const answered = answer(request, requests.length);
      for (const check of waiting) check();
      if (answered instanceof Promise) {
        answered.then(
          (later) => respond(response, later),
          () => response.destroy(),
        );
      } else respond(response, answered);
    });
  });
  server.listen(input.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const close = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };

  return {
    url: `${input.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    requests,
    get connections() {
      return connections;
    },
    waitFor(n, deadlineMs = 5_000) {
      if (requests.length >= n) return Promise.resolve(requests);
      const { promise, resolve, reject } = Promise.withResolvers<readonly ReceivedRequest[]>();
      const settle = () => {
        if (requests.length < n) return;
        waiting.delete(settle);
        clearTimeout(timer);
        resolve(requests);
      };
      const timer = setTimeout(() => {
        waiting.delete(settle);
        reject(new Error(`Got ${requests.length} of ${n} requests within ${deadlineMs} ms`));
      }, deadlineMs);
      waiting.add(settle);
      return promise;
    },
    close,
  };
}

function respond(response: ServerResponse, answer: Answer): void {
  if (answer === 'hang') return;
  if (answer === 'reset') {
    const { socket } = response;
    if (socket && 'resetAndDestroy' in socket) socket.resetAndDestroy();
    return;
  }
  const {
    status = 200,
    headers = {},
    body = '',
  } = typeof answer === 'number' ? { status: answer } : answer;
  response.writeHead(status, headers).end(body);
}
