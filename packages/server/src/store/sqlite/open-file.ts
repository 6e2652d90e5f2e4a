import { randomInt } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import sql from 'sql-template-tag';
import { KeySource, keyTime } from '../keys.ts';
import { TAG_LENGTH } from '../public-id.ts';
import { migrate, SQLITE } from '../schema/migrate.ts';
import { Connection } from './connection.ts';
import type { ThreadInput } from './protocol.ts';

/** The lock must outlive every reference: it ends with the process, also by `kill -9`. */
// oxlint-disable-next-line no-unused-vars -- a reference that is held is its use
let lock: DatabaseSync | undefined;

/**
 * Opens the store's file as its only process, brings the schema up to date and finds the last key
 * and the latest instant that it tells of.
 * Throws a sentence for people if another process holds it.
 */
export async function openStoreFile(
  input: ThreadInput,
): Promise<{ db: Connection; keys: KeySource; tag: string; latest: number }> {
  lock = lockFile(`${input.file}.lock`);
  const db = new Connection(input.file);
  if (input.maxPages !== null) db.exec(`pragma max_page_count = ${input.maxPages}`);
  db.exec('begin immediate');
  await migrate(db.tx, SQLITE, Date.now());
  const tag = await readTag(db);
  db.exec('commit');
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
