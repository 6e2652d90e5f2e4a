import pg from 'pg';
import { StoreUnavailable } from '../errors.ts';
import { DAY_MS, dayStart, nextDay } from '../keys.ts';
import type { TurnedDays } from '../store.ts';
import type { Tx } from '../tx.ts';
import type { Database } from './database.ts';
import { createDays, dropDay, listDays } from './days.ts';

/** Days made ahead: so long upkeep may fail before events land in the DEFAULT partition. */
const DAYS_AHEAD = 7;
/** Events of a day that may move out of its way: some 20 ms in which events of 1 kB wait. */
const KEPT_AT_MOST = 500;

/** The partitions that events of now and of the next days need. */
export function createDaysAhead(tx: Tx, now: number): Promise<void> {
  return createDays(tx, now, now + DAYS_AHEAD * DAY_MS);
}

/**
 * Makes the days ahead and drops the days that ended before `beforeMs`, each in a transaction of
 * its own. A day whose locks are not to be had, or of which too much has not ended, stays until
 * the next time.
 */
export async function turnDays(database: Database, beforeMs: number): Promise<TurnedDays> {
  const days = await unlessLocked(
    database.transaction(async ({ tx, now }) => {
      await createDaysAhead(tx, now);
      return listDays(tx);
    }),
  );
  const dropped: number[] = [];
  for (const day of days ?? []) {
    if (nextDay(day) > beforeMs) break;
    const drop = database.transaction(({ tx }) => dropDay(tx, day, KEPT_AT_MOST));
    if ((await unlessLocked(drop)) === 'dropped') dropped.push(day);
  }
  return { dropped, leftBefore: dayStart(beforeMs) };
}

/** Undefined: somebody was in the way, and nothing was changed. */
async function unlessLocked<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof StoreUnavailable && isLockTimeout(error.cause)) return undefined;
    throw error;
  }
}

function isLockTimeout(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '55P03';
}
