import type { CertificateProblem } from '../net/certificate.ts';

/**
 * What an attempt met, as a value. Nothing that a receiver does is an exception.
 *
 * The classification follows the table "What an answer means" of our reliability facts: 2xx is
 * success, everything else that the receiver (or the way to it) did is a failure with one fixed
 * code, and what went wrong on our own side is `ours`: not recorded, not charged to the delivery.
 */
export type Outcome = Success | Failure | OurFault;

export interface Success {
  readonly kind: 'success';
  /** 200 to 299. */
  readonly status: number;
  /** The status line was read, but the body broke off, timed out or was malformed; else null. */
  readonly bodyError: string | null;
}

export interface Failure {
  readonly kind: 'failure';
  readonly code: FailureCode;
  /** One plain sentence for people, at most 200 printable characters, never a secret or an address but the URL's. */
  readonly detail: string;
  /** The status, when one was read (also of redirects, and of 101 or 999). */
  readonly status: number | null;
  /** The raw `Retry-After` header of a 429 or 503, else null. The verdict reads it. */
  readonly retryAfter: string | null;
  /** Only with `tls`, when the certificate is why. */
  readonly certificate?: CertificateProblem;
}

export interface OurFault {
  readonly kind: 'ours';
  readonly detail: string;
}

export type FailureCode =
  /** A final status outside 2xx and 3xx. */
  | 'status'
  /** Any 3xx; it is not followed. */
  | 'redirect'
  /** Not HTTP as we read it: malformed, too large headers, 101, only 1xx. */
  | 'protocol'
  /** The whole call was not over by its deadline, or nothing accepted the connection in time. */
  | 'timeout'
  /** Refused, reset or closed before an answer. */
  | 'connection'
  /** The name does not resolve. */
  | 'dns'
  /** The handshake or the certificate failed. */
  | 'tls'
  /** The guard does not allow this address. */
  | 'blocked_address';

/** Everything the log keeps of one HTTP call. */
export interface AttemptReport {
  /** Epoch ms at which the call began. */
  readonly startedAt: number;
  readonly url: string;
  /** Name and value alternating, exactly as sent (without those the HTTP layer adds: host, connection, content-length). */
  readonly requestHeaders: readonly string[];
  readonly response: {
    readonly status: number;
    /** Name and value alternating; at most 8 KiB in total, a value cut at 1 KiB. */
    readonly headers: readonly string[];
    /** The first 16 KiB, any bytes. */
    readonly body: Uint8Array;
    readonly bodyTruncated: boolean;
  } | null;
  readonly timings: Timings;
  readonly outcome: Outcome;
}

/**
 * Milliseconds; null where the step did not take place, as the first three on a kept-alive
 * connection, or was not got over. Sending has no time of its own: the system takes a request at
 * once, and only the receiver knows when it arrived.
 */
export interface Timings {
  readonly dnsMs: number | null;
  /** TCP. */
  readonly connectMs: number | null;
  readonly tlsMs: number | null;
  /** From the start of the call to the first byte of the answer. */
  readonly firstByteMs: number | null;
  readonly totalMs: number;
}
