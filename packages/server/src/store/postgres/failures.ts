import pg from 'pg';
import { Conflict } from '../errors.ts';

/**
 * Whether an error says that the engine cannot answer or write now: the connection (08), resources
 * such as disk and connections (53), shutdown and crash (57P), our own limits (57014 statement,
 * 55P03 lock, 25P03 idle), a standby (25006), input and output (58), no admission (28).
 */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof pg.DatabaseError) {
    return /^(08|28|53|57P|58|40)|^(57014|55P03|25P03|25006)$/.test(error.code ?? '');
  }
  // What node-postgres itself says has no code; what the system says has a name.
  const { code } = error as NodeJS.ErrnoException;
  if (code !== undefined) return /^(E[A-Z]+|EAI_\w+)$/.test(code);
  return CLIENT_SAYS.test(error.message) || isUnavailable(error.cause);
}

const CLIENT_SAYS =
  /^Connection terminated|^Query read timeout|^timeout exceeded|after calling end on the pool|not queryable|^timeout expired/;

/**
 * Two transactions were in each other's way: deadlock or serialization, or one of them saw so itself.
 * Nothing was changed.
 */
export function isConflict(error: unknown): boolean {
  if (error instanceof Conflict) return true;
  return error instanceof pg.DatabaseError && (error.code === '40P01' || error.code === '40001');
}

/** A prepared statement is not there, or somebody else's is: we do not talk to one server session. */
export function isUnprepared(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === '26000' || error.code === '42P05');
}
