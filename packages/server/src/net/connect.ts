import { isIP, type LookupFunction, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { TLSSocket, type DetailedPeerCertificate } from 'node:tls';
import { buildConnector, errors } from 'undici';
import { BlockedAddress, DnsFailure } from './failures.ts';
import type { Guard } from './guard.ts';
import { withoutFinalDot } from './names.ts';
import { watchCertificate, withCertificate } from './presented.ts';
import type { Resolve } from './resolve.ts';
import { targetOf } from './target.ts';

/** Milliseconds that each step of making a connection took; null for one that it did not get over. */
export interface ConnectionTimings {
  /** Null also when the URL names an address and nothing had to be resolved. */
  readonly dnsMs: number | null;
  /** TCP. */
  readonly connectMs: number | null;
  /** Null also without https. */
  readonly tlsMs: number | null;
}

interface ConnectorOptions {
  readonly guard: Guard;
  readonly resolve: Resolve;
  /** DNS, TCP and TLS together. */
  readonly connectTimeoutMs: number;
  readonly ca: string | Buffer | (string | Buffer)[] | undefined;
  /** Hands over a connection that is ready and was judged, or why there is none. */
  readonly onOver: (origin: string, timings: ConnectionTimings, handOver: () => void) => void;
}

export interface Connector {
  readonly connect: buildConnector.connector;
  /** Gives up every connection that is being made, with this error. */
  abandonAll(error: Error): void;
}

/**
 * How long one address of several may take to accept before the next is tried. Node's 250 ms is
 * less than a round trip around the earth under load; the last address has the whole rest.
 */
const NEXT_ADDRESS_AFTER_MS = 500;

/**
 * Makes connections for undici that go only where the guard lets them: resolve once, judge all
 * answers, connect to exactly these, and judge the peer that answered before a byte is written.
 * Certificates are checked against the name of the URL.
 */
export function createConnector(options: ConnectorOptions): Connector {
  const { guard, resolve, connectTimeoutMs, onOver } = options;
  const opening = new Set<(error: Error) => void>();

  // The answers for the socket that `dial` is being called for. `net.connect` asks its lookup
  // before it returns, so one place is enough; without answers the lookup refuses.
  let judgedAnswers: readonly string[] | undefined;
  const handOutJudged: LookupFunction = (_hostname, lookupOptions, callback) => {
    const answers = (judgedAnswers ?? []).map((address) => ({ address, family: isIP(address) }));
    const [first] = answers;
    if (first === undefined) {
      process.nextTick(callback, new Error('a lookup was asked for that nobody judged'), '');
    } else if (lookupOptions.all === true) {
      process.nextTick(callback, null, answers);
    } else {
      process.nextTick(callback, null, first.address, first.family);
    }
  };

  // It returns the socket, which its types do not tell.
  const dial = buildConnector({
    lookup: handOutJudged,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER_MS,
    allowH2: false,
    timeout: 0, // one deadline for DNS, TCP and TLS, kept below
    rejectUnauthorized: true, // also under NODE_TLS_REJECT_UNAUTHORIZED=0
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  }) as unknown as (target: buildConnector.Options, callback: buildConnector.Callback) => Socket;

  function connect(request: buildConnector.Options, callback: buildConnector.Callback): void {
    const target = targetOf(request);
    const startedAt = performance.now();
    let dialedAt: number | null = null;
    let connectedAt: number | null = null;
    let securedAt: number | null = null;
    let socket: Socket | undefined;
    let presented: DetailedPeerCertificate | null = null;
    let over = false;

    const end = (handOver: () => void): void => {
      over = true;
      clearTimeout(deadline);
      opening.delete(fail);
      const isNamed = isIP(target.hostname) === 0;
      const timings = {
        dnsMs: isNamed ? elapsed(startedAt, dialedAt) : null,
        connectMs: elapsed(dialedAt, connectedAt),
        tlsMs: elapsed(connectedAt, securedAt),
      };
      onOver(`${request.protocol}//${request.host}`, timings, handOver);
      // The socket refers to all this as long as it lives, and a chain is some 10 kB.
      presented = null;
    };
    const fail = (error: Error): void => {
      if (over) return;
      end(() => {
        socket?.destroy();
        callback(error, null);
      });
    };
    const deadline = setTimeout(() => {
      fail(
        dialedAt === null
          ? new DnsFailure('dns_timeout', 'the name did not resolve in time')
          : new errors.ConnectTimeoutError('the receiver did not accept the connection in time'),
      );
    }, connectTimeoutMs);
    opening.add(fail);

    const dialJudged = (answers: readonly string[]): void => {
      if (over) return;
      const verdict = guard.judgeAnswers(target, answers);
      if (!verdict.ok) {
        fail(new BlockedAddress(verdict.refusal));
        return;
      }
      dialedAt = performance.now();
      judgedAnswers = verdict.addresses;
      try {
        socket = dial(withServername(request), (...[error]) => {
          if (error === null) succeed();
          else fail(withCertificate(error, target.hostname, socket, presented));
        });
      } finally {
        judgedAnswers = undefined;
      }
      // Before all other listeners: with TLS the next one sends the first bytes.
      socket.prependListener('connect', judgePeer);
      if (socket instanceof TLSSocket) {
        watchCertificate(socket, (certificate) => (presented = certificate));
      }
    };
    const judgePeer = (): void => {
      const address = socket?.remoteAddress;
      if (address === undefined) {
        fail(Object.assign(new Error('closed while connecting'), { code: 'ECONNRESET' }));
        return;
      }
      const refusal = guard.judgePeer(target, address);
      if (refusal === null) connectedAt = performance.now();
      else fail(new BlockedAddress(refusal));
    };
    const succeed = (): void => {
      const opened = socket;
      if (opened === undefined || over) return;
      if (opened instanceof TLSSocket) securedAt = performance.now();
      end(() => callback(null, opened));
    };

    // Always later: undici must not be called back while it is still asking.
    const answers =
      isIP(target.hostname) === 0 ? resolve(target.hostname) : Promise.resolve([target.hostname]);
    answers.then(dialJudged).catch((error: unknown) => fail(error as Error));
  }

  return {
    connect,
    abandonAll(error) {
      for (const fail of opening) fail(error);
    },
  };
}

function elapsed(from: number | null, to: number | null): number | null {
  return from === null || to === null ? null : to - from;
}

/** `https://example.com./` is allowed, but a name in TLS has no final dot (RFC 6066). */
function withServername(request: buildConnector.Options): buildConnector.Options {
  if (!request.hostname.endsWith('.')) return request;
  return { ...request, servername: withoutFinalDot(request.hostname) };
}
