import { randomInt } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import sql from 'sql-template-tag';
import { KeySource, keyTime } from '../keys.ts';
import { TAG_LENGTH } from '../public-id.ts';
import { refuseMovedAway } from '../move-marks.ts';
import { SQLITE } from '../schema/dialects.ts';
import { migrate } from '../schema/migrate.ts';
import type { Tx } from '../tx.ts';
import { Connection } from './connection.ts';

export interface StoreFile {
  readonly file: string;
  /** Pages of the file at most: a disk of a known size, for tests. */
  readonly maxPages: number | null;
}

/** The lock must outlive every reference: it ends with the process, also by `kill -9`. */
// oxlint-disable-next-line no-unused-vars -- a reference that is held is its use
let lock: DatabaseSync | undefined;

/**
 * Opens the store's file for the service and finds the last key and the latest instant that it
 * tells of. Throws a sentence for people if
 * another process holds it, or if the store was moved to another engine.
 */
export async function openStoreFile(
  input: StoreFile,
): Promise<{ db: Connection; keys: KeySource; tag: string; latest: number }> {
  const { db, tag } = await openOwnFile(input, refuseMovedAway);
  const last = await db.tx.first<{ key: number | null }>(sql`
    select max(key) as key
    from (
      select max(key) as key from events
      union all
      select max(key) from deliveries
    ) keys`);
  const lastKey = last?.key ?? 0;
  const latest = Math.max(keyTime(lastKey), await latestInstant(db));
  return { db, keys: new KeySource(lastKey), tag, latest };
}

/**
 * Opens the store's file as its only process and brings the schema up to date. `admit` may look at
 * the store first and throw: then nothing is changed.
 */
export async function openOwnFile(
  { file, maxPages }: StoreFile,
  admit: (tx: Tx) => Promise<void> = async () => {},
): Promise<{ db: Connection; tag: string }> {
  lock = lockFile(`${file}.lock`);
  const db = new Connection(file);
  if (maxPages !== null) db.exec(`pragma max_page_count = ${maxPages}`);
  db.exec('begin immediate');
  try {
    await migrate(db.tx, SQLITE, Date.now());
    await admit(db.tx);
    const tag = await readTag(db);
    db.exec('commit');
    return { db, tag };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** An exclusive SQLite transaction on a file of its own: the operating system frees it for us. */
function lockFile(file: string): DatabaseSync {
  const held = new DatabaseSync(file);
  try {
    held.exec('pragma journal_mode = delete; begin exclusive');
    return held;
  } catch (error) {
    held.close();
    throw new Error('another process uses this data folder', { cause: error });
  }
}

/** Of the last start, the last calls that went well and the failures that are not over. */
async function latestInstant({ tx }: Connection): Promise<number> {
  const row = await tx.first<{ at: number | null }>(sql`
    select max(at) as at
    from (
      select max(started_at) as at from sessions
      union all
      select max(last_trigger_at) from webhooks
      union all
      select max(failing_since) from webhooks
    ) instants`);
  return row?.at ?? 0;
}

async function readTag({ tx }: Connection): Promise<string> {
  const row = await tx.first<{ value: string }>(sql`select value from meta where name = 'tag'`);
  if (row) return row.value;
  const tag = randomInt(36 ** TAG_LENGTH)
    .toString(36)
    .padStart(TAG_LENGTH, '0');
  await tx.run(sql`insert into meta (name, value) values ('tag', ${tag})`);
  return tag;
}
