import type { MessagePort } from 'node:worker_threads';
import type { Response } from '../thread/protocol.ts';

export function answer(port: MessagePort, id: number, result: unknown): void {
  port.postMessage({ id, result } satisfies Response);
}

export function fail(port: MessagePort, id: number, error: unknown): void {
  const { message, errcode } = error as Error & { errcode?: number };
  // The low byte is the primary code; the rest says which kind (SQLITE_IOERR_WRITE …).
  const unavailable = errcode !== undefined && UNAVAILABLE_CODES.has(errcode & 0xff);
  port.postMessage({ id, error: { message, unavailable } } satisfies Response);
}

/** SQLite's primary result codes busy, read-only, I/O error, full and cannot-open. */
const UNAVAILABLE_CODES = new Set([5, 8, 10, 13, 14]);
