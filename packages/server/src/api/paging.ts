import { Type } from 'typebox';
import { AppError } from './problem.ts';

/** Query of every list: how many, and where the page before ended. */
export const PAGE = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
  cursor: Type.Optional(Type.String({ description: 'The `cursor` of the page before' })),
};

/** The number in a cursor; `start` without one. Cursors are opaque to callers. */
export function readCursor(cursor: string | undefined, start: number): number {
  if (cursor === undefined) return start;
  const text = Buffer.from(cursor, 'base64url').toString();
  const at = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(at))
    throw new AppError('invalid_request', 'cursor: is not one of ours', 'cursor');
  return at;
}

/** A page of a list, with a cursor if it is full and so may go on. */
export function page<T, R>(
  rows: readonly T[],
  limit: number,
  positionOf: (row: T) => number,
  render: (row: T) => R,
): { items: R[]; cursor: string | null } {
  const last = rows.length === limit ? rows.at(-1) : undefined;
  const cursor =
    last === undefined ? null : Buffer.from(String(positionOf(last))).toString('base64url');
  return { items: rows.map(render), cursor };
}

/** An instant in a query: RFC 3339 or epoch milliseconds. */
export function readInstant(text: string | undefined, field: string): number | undefined {
  if (text === undefined) return undefined;
  const ms = /^\d{1,15}$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isNaN(ms)) throw new AppError('invalid_request', `${field}: is not a time`, field);
  return Math.max(0, ms);
}

/** How instants are written in answers. */
export function instant(ms: number): string;
export function instant(ms: number | null): string | null;
export function instant(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
