import type { LookupFunction } from 'node:net';
import { type Dispatcher, errors } from 'undici';
import { createConnector, type ConnectionTimings } from './connect.ts';
import type { Guard } from './guard.ts';
import { ClientPools } from './pools.ts';
import { createResolve } from './resolve.ts';

export type { ConnectionTimings } from './connect.ts';

export interface AgentOptions {
  readonly guard: Guard;
  /** DNS, TCP and TLS together; 5 s in production. */
  readonly connectTimeoutMs: number;
  /** Like `dns.lookup`, which is the default; asked for all addresses in the order of the answer. */
  readonly lookup?: LookupFunction;
  /** Trust these authorities instead of Node's. */
  readonly ca?: string | Buffer | (string | Buffer)[];
  /** Default 16,384: Node's own limit. More is `UND_ERR_HEADERS_OVERFLOW`. */
  readonly maxHeaderBytes?: number;
}

export interface GuardedAgent {
  readonly dispatcher: Dispatcher;
  /**
   * What making the connection took, for the request that is first written on it or that gets none;
   * undefined for a request on a kept-alive connection. Call it once, first thing in the handler's
   * `onRequestStart`, or in an `onResponseError` without one before, with the `origin` given to
   * `dispatch` (as `URL.origin` spells it).
   */
  takeFreshConnection(origin: string): ConnectionTimings | undefined;
  /** Lets requests finish, then closes all connections. */
  close(): Promise<void>;
  /** Ends requests and connections at once, also those that are still being made. */
  destroy(): Promise<void>;
}

/** As undici's default; receivers that announce another time in `Keep-Alive` are believed. */
const KEEP_ALIVE_MS = 4_000;
/** But no longer than this, so that idle sockets to many receivers do not pile up. */
const MAX_KEEP_ALIVE_MS = 30_000;

/**
 * The only way out: HTTP/1.1 with kept-alive connections per origin, as many as are asked for at
 * once, one request on each at a time. It follows no redirects, decodes no bodies, knows no
 * proxies, and has no timeout but that for connecting: the caller keeps one deadline over all.
 *
 * A request fails with `BlockedAddress`, with `DnsFailure`, with `UntrustedCertificate`, with
 * undici's or Node's own error while connecting (`UND_ERR_CONNECT_TIMEOUT`, `ECONNREFUSED`, the TLS
 * codes, …) or with undici's own after that. Messages of Node contain addresses and are not for tenants.
 */
export function createAgent(options: AgentOptions): GuardedAgent {
  // undici writes the waiting request inside the connector's callback, or fails it there, so a
  // connection is fresh exactly while it is handed over. If its request has gone meanwhile, nobody takes the timings,
  // and a later request on it is right to count it as kept alive: it may be closed by then.
  let fresh: { readonly origin: string; readonly timings: ConnectionTimings } | undefined;

  const connector = createConnector({
    guard: options.guard,
    resolve: createResolve(options.lookup),
    connectTimeoutMs: options.connectTimeoutMs,
    ca: options.ca,
    onOver(origin, timings, handOver) {
      fresh = { origin, timings };
      try {
        handOver();
      } finally {
        fresh = undefined;
      }
    },
  });

  const dispatcher = new ClientPools({
    connect: connector.connect,
    allowH2: false,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: MAX_KEEP_ALIVE_MS,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: options.maxHeaderBytes ?? 16_384,
  });

  return {
    dispatcher,
    takeFreshConnection(origin) {
      if (fresh?.origin !== origin) return undefined;
      const { timings } = fresh;
      fresh = undefined;
      return timings;
    },
    close: () => dispatcher.close(),
    async destroy() {
      const destroyed = dispatcher.destroy();
      connector.abandonAll(new errors.ClientDestroyedError());
      await destroyed;
    },
  };
}
