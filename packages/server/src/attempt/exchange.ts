import type { IncomingHttpHeaders } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { Dispatcher } from 'undici';
import type { ConnectionTimings, GuardedAgent } from '../net/agent.ts';
import { bodyErrorOf, classifyError, failure, isBrokenConnection } from './classify.ts';
import { clean } from './clean.ts';
import type { AttemptReport, Outcome } from './outcome.ts';
import { keepHeaders } from './response-headers.ts';
import type { Target } from './target.ts';

/** Kept of the body of a response. */
const MAX_KEPT_BYTES = 16 * 1024;
/** Read of it, so that the connection survives an answer of some length; then it is cut. */
const MAX_READ_BYTES = 64 * 1024;
/** A receiver that says "still working" each second until the deadline stays far below. */
const MAX_INTERIM_RESPONSES = 100;

const NOTHING = new Uint8Array(0);
const NO_CONNECTION: ConnectionTimings = { dnsMs: null, connectMs: null, tlsMs: null };

/** Thrown at undici so that it drops a request whose time was up before it had a connection. */
const TOO_LATE = new Error('the time of this call is up');
/** Given to undici as the reason when we end a connection ourselves. */
const CUT = new Error('the call is over');

/** Ways in which a call ends that are not errors of undici. */
const COMPLETE = Symbol('the answer is complete, or as much of it as we read');
const DEADLINE = Symbol('the time is up');
const FLOOD = Symbol('too many interim responses');

export interface ExchangeInput {
  readonly agent: GuardedAgent;
  readonly url: string;
  readonly body: Buffer;
  readonly requestHeaders: string[];
  /** Epoch ms. */
  readonly startedAt: number;
  readonly timeoutMs: number;
  readonly resolve: (report: AttemptReport) => void;
}

/**
 * One call as undici's handler, from the dispatch to the report. One object per call and no
 * closures: this is the hottest code of the sender.
 *
 * undici has no timers of its own for these requests, because its own start again with every part
 * of an answer; the one deadline here ends whatever drips, floods or stalls.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  private readonly input: ExchangeInput;
  private readonly startMark = performance.now();
  private target: Target | null = null;
  private timer: NodeJS.Timeout | undefined = undefined;
  private controller: Dispatcher.DispatchController | null = null;
  private isOver = false;
  private isFresh = false;
  private isSecondTry = false;
  private connection: ConnectionTimings = NO_CONNECTION;
  private firstByteMs: number | null = null;
  private interimResponses = 0;
  private interimStatus: number | null = null;
  private status: number | null = null;
  private headers: string[] = [];
  private location: string | null = null;
  private retryAfter: string | null = null;
  private body = NOTHING;
  private keptBytes = 0;
  private readBytes = 0;

  constructor(input: ExchangeInput) {
    this.input = input;
  }

  start(target: Target): void {
    this.target = target;
    this.timer = setTimeout(onDeadline, this.input.timeoutMs, this);
    this.dispatch(target.origin, false);
  }

  /** Reports without any call. */
  refuse(reason: string): void {
    this.report(failure('blocked_address', clean(reason, 200)));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.isOver) throw TOO_LATE;
    this.controller = controller;
    this.isFresh = this.takeConnection();
  }

  /** The first byte of a response, interim ones included. */
  onResponseStarted(): void {
    this.firstByteMs ??= this.elapsedMs();
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    // 16 KiB of tiny headers are some 300 KB of objects, and the body may drip for long.
    controller.rawHeaders = null;
    if (this.isOver) return;
    if (status < 200) {
      this.interimStatus = status;
      this.interimResponses++;
      if (this.interimResponses > MAX_INTERIM_RESPONSES) this.cut(FLOOD);
      return;
    }
    this.status = status;
    this.headers = keepHeaders(headers);
    if (status >= 300 && status < 400) this.location = first(headers.location);
    if (status === 429 || status === 503) this.retryAfter = first(headers['retry-after']);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.isOver) return;
    this.readBytes += chunk.length;
    this.keep(chunk);
    if (this.readBytes > MAX_READ_BYTES) this.cut(COMPLETE);
  }

  onResponseEnd(): void {
    if (!this.isOver) this.end(COMPLETE);
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: unknown): void {
    if (this.isOver) return;
    if (this.wasStale(error) && this.target !== null) {
      this.isSecondTry = true;
      this.controller = null;
      // A pool in which no connection is kept alive: the one it gives is new.
      this.dispatch(this.target.freshOrigin, true);
    } else {
      if (this.controller === null) this.takeConnection();
      this.end(error);
    }
  }

  /** Ends the call here, and the connection with it. */
  cut(how: symbol): void {
    if (this.isOver) return;
    this.end(how);
    this.controller?.abort(CUT);
  }

  private dispatch(origin: string, reset: boolean): void {
    const { agent, body, requestHeaders } = this.input;
    const path = this.target?.path ?? '/';
    agent.dispatcher.dispatch(
      { origin, path, method: 'POST', headers: requestHeaders, body, reset },
      this,
    );
  }

  /** Whether one was made for this call, or was tried to be. */
  private takeConnection(): boolean {
    const fresh = this.input.agent.takeFreshConnection(this.target?.origin ?? '');
    if (fresh !== undefined) this.connection = fresh;
    return fresh !== undefined;
  }

  /** A kept-alive connection that the receiver had given up: nothing was answered on it. */
  private wasStale(error: unknown): boolean {
    return (
      this.controller !== null &&
      !this.isFresh &&
      !this.isSecondTry &&
      this.firstByteMs === null &&
      isBrokenConnection(error)
    );
  }

  /** Copies, so that the report holds just these bytes and not the buffer of the socket. */
  private keep(chunk: Buffer): void {
    const room = MAX_KEPT_BYTES - this.keptBytes;
    if (room === 0) return;
    const part = chunk.length > room ? chunk.subarray(0, room) : chunk;
    if (this.keptBytes === 0) {
      this.body = new Uint8Array(part);
    } else {
      if (this.body.length < MAX_KEPT_BYTES) {
        const whole = new Uint8Array(MAX_KEPT_BYTES);
        whole.set(this.body);
        this.body = whole;
      }
      this.body.set(part, this.keptBytes);
    }
    this.keptBytes += part.length;
  }

  private end(how: unknown): void {
    this.isOver = true;
    clearTimeout(this.timer);
    this.report(this.status === null ? this.unanswered(how) : this.answered(this.status, how));
  }

  private report(outcome: Outcome): void {
    const { startedAt, url, requestHeaders, resolve } = this.input;
    const { status, body, keptBytes, connection, firstByteMs } = this;
    resolve({
      startedAt,
      url,
      requestHeaders,
      response:
        status === null
          ? null
          : {
              status,
              headers: this.headers,
              body: body.length === keptBytes ? body : body.slice(0, keptBytes),
              bodyTruncated: this.readBytes > keptBytes,
            },
      timings: {
        dnsMs: connection.dnsMs,
        connectMs: connection.connectMs,
        tlsMs: connection.tlsMs,
        firstByteMs,
        totalMs: this.elapsedMs(),
      },
      outcome,
    });
  }

  private answered(status: number, how: unknown): Outcome {
    if (status < 300) {
      return { kind: 'success', status, bodyError: how === COMPLETE ? null : this.bodyError(how) };
    }
    if (status < 400) return failure('redirect', this.redirectDetail(status), status);
    return failure('status', `The receiver answered ${status}`, status, this.retryAfter);
  }

  private unanswered(how: unknown): Outcome {
    const { interimStatus } = this;
    if (how === FLOOD || (how === DEADLINE && interimStatus !== null)) {
      const detail = `The receiver sent only interim responses (${interimStatus}), and no answer`;
      return failure('protocol', detail, interimStatus);
    }
    if (how === DEADLINE) return failure('timeout', this.timeoutDetail());
    const outcome = classifyError(how);
    if (outcome.kind === 'failure' && interimStatus !== null) {
      const detail = `After interim responses (${interimStatus}): ${outcome.detail}`;
      return failure('protocol', clean(detail, 200), interimStatus);
    }
    return outcome;
  }

  private timeoutDetail(): string {
    const within = `within ${this.input.timeoutMs / 1000} s`;
    if (this.controller === null) return `There was no connection to the receiver ${within}`;
    return this.firstByteMs === null
      ? `The receiver did not answer ${within}`
      : `The headers of the answer were not complete ${within}`;
  }

  private bodyError(how: unknown): string {
    return how === DEADLINE
      ? `The body was not complete within ${this.input.timeoutMs / 1000} s`
      : bodyErrorOf(how);
  }

  private redirectDetail(status: number): string {
    return this.location === null
      ? `The receiver answered ${status}`
      : `The receiver redirects (${status}), which is not followed, to ${clean(this.location, 120)}`;
  }

  private elapsedMs(): number {
    return performance.now() - this.startMark;
  }
}

/** undici gives several headers of one name as an array, also where Node's types know only text. */
function first(value: string | readonly string[] | undefined): string | null {
  return (typeof value === 'string' ? value : value?.[0]) ?? null;
}

function onDeadline(exchange: Exchange): void {
  exchange.cut(DEADLINE);
}
