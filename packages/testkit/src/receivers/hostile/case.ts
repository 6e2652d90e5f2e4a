import type { Socket } from 'node:net';
import type { Certificates } from '../certificates.ts';

/** One way in which a receiver, or the way to it, goes wrong (or is odd, and right). */
export interface HostileCase {
  /** Also the name of its test. */
  readonly name: string;
  /** What stands behind the URL. */
  readonly target: HostileTarget;
  /** An ordinary call goes first, so that the call in question meets a kept-alive connection. */
  readonly warmUp?: true;
  readonly expect: HostileExpectation;
}

export type HostileTarget =
  /** A listener that does this with each of its connections (after the handshake, if it speaks TLS). */
  | {
      readonly kind: 'listener';
      readonly serve: Serve;
      /** The listener speaks TLS with this certificate. */
      readonly certificate?: Exclude<keyof Certificates, 'ca'>;
      /** It asks for a client certificate, or offers only this old version. */
      readonly tls?: 'client certificate' | 'TLS 1.1';
      /** The scheme of the URL, where it is not the one that the listener speaks. */
      readonly scheme?: 'http' | 'https';
    }
  /** Nothing listens on the port. */
  | { readonly kind: 'refused' }
  /** A listener that never accepts, with its queue full. */
  | { readonly kind: 'full backlog' }
  /** The name does not resolve; `code` is what the resolver says. */
  | { readonly kind: 'no address'; readonly code: string };

/** @param n Which connection to this listener it is, from 1. */
export type Serve = (socket: Socket, n: number) => void;

/** What the one attempt must report. Absent fields may be anything. */
export interface HostileExpectation {
  readonly kind: 'success' | 'failure';
  readonly code?: string;
  readonly status?: number | null;
  readonly bodyError?: boolean;
  readonly bodyTruncated?: boolean;
  readonly retryAfter?: string | null;
  /** Found in the detail of a failure. */
  readonly detail?: RegExp;
  /** The kept body, as bytes in Latin-1. */
  readonly body?: string;
  /** Connections that the listener has seen in all. */
  readonly connections?: number;
}

export const success = (status: number, more: Partial<HostileExpectation> = {}) =>
  ({ kind: 'success', status, bodyError: false, ...more }) satisfies HostileExpectation;

export const failure = (code: string, more: Partial<HostileExpectation> = {}) =>
  ({ kind: 'failure', code, ...more }) satisfies HostileExpectation;
