import { randomInt } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import sql from 'sql-template-tag';
import { KeySource } from '../keys.ts';
import { TAG_LENGTH } from '../public-id.ts';
import { SQLITE } from '../schema/dialects.ts';
import { migrate } from '../schema/migrate.ts';
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
 * Opens the store's file as its only process, brings the schema up to date and finds the last key.
 * Throws a sentence for people if another process holds it.
 */
export async function openStoreFile(
  input: StoreFile,
): Promise<{ db: Connection; keys: KeySource; tag: string }> {
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
  return { db, keys: new KeySource(last?.key ?? 0), tag };
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

async function readTag({ tx }: Connection): Promise<string> {
  const row = await tx.first<{ value: string }>(sql`select value from meta where name = 'tag'`);
  if (row) return row.value;
  const tag = randomInt(36 ** TAG_LENGTH)
    .toString(36)
    .padStart(TAG_LENGTH, '0');
  await tx.run(sql`insert into meta (name, value) values ('tag', ${tag})`);
  return tag;
}
