import sql from 'sql-template-tag';
import { MOVED_FROM, MOVING } from '../store/move-marks.ts';
import { copyIn } from '../store/postgres/copy-in.ts';
import { type Client, txOf } from '../store/postgres/database.ts';
import { startKeys } from '../store/postgres/key-blocks.ts';
import { lockSchema } from '../store/postgres/schema-lock.ts';
import { createDays } from '../store/postgres/days.ts';
import { POSTGRES } from '../store/schema/dialects.ts';
import { migrate } from '../store/schema/migrate.ts';
import type { Tx } from '../store/tx.ts';
import { failpoint } from '../telemetry/failpoint.ts';
import { MoveRefused } from './refused.ts';
import type { Source } from './source.ts';
import { copiedRows, type Table } from './tables.ts';
import { FINGERPRINTS, fingerprintSql, type Value } from './values.ts';

/** How far a move is, kept in the target and changed in the transaction of the rows it counts. */
export interface Progress {
  /** Of the move; see MoveMark. */
  readonly id: string;
  /** Those before it are complete; null: nothing was copied yet. */
  readonly table: string | null;
  /** The key of its last row that was copied; null: none was. */
  readonly after: readonly Value[] | null;
  /** How many of its rows were copied. */
  readonly rows: number;
}

export type TargetState = 'empty' | 'begun' | 'finished';

/**
 * What a database holds of the move `id`. Refuses one with anything else in it: another store, or a
 * part of another move (`id` undefined: this move has not begun anywhere).
 */
export async function inspectTarget(
  client: Client,
  tables: readonly Table[],
  id: string | undefined,
): Promise<TargetState> {
  const tx = txOf(client);
  const encoding = await tx.first<{ name: string }>(
    sql`select lower(current_setting('server_encoding')) as name`,
  );
  if (encoding!.name !== 'utf8')
    throw new MoveRefused(`The database is in ${encoding!.name}: it has to be in UTF-8.`);
  const present = await tx.all<{ name: string }>(sql`
    select c.relname as name
    from pg_class c
    where c.relnamespace = current_schema()::regnamespace
      and c.relname = any(${['migrations', ...tables.map((table) => table.name)]}::text[])`);
  if (present.length === 0) return 'empty';
  const said = present.some(({ name }) => name === 'meta')
    ? await readMeta(tx)
    : new Map<string, string>();
  const moving = said.get(MOVING);
  if (moving !== undefined) {
    if ((JSON.parse(moving) as Progress).id === id) return 'begun';
    throw new MoveRefused(
      'The database holds a part of another move. Give an empty one, or finish that move.',
    );
  }
  if (id !== undefined && said.get(MOVED_FROM) === id) return 'finished';
  throw new MoveRefused('The database is in use: it holds tables of its own. Give an empty one.');
}

async function readMeta(tx: Tx): Promise<Map<string, string>> {
  const rows = await tx.all<{ name: string; value: string }>(sql`
    select name, value
    from meta
    where name in (${MOVING}, ${MOVED_FROM})`);
  return new Map(rows.map(({ name, value }) => [name, value]));
}

/** Makes the schema if the database is empty still, and returns how far the move is. */
export async function beginTarget(
  client: Client,
  { tables, span }: Pick<Source, 'tables' | 'span'>,
  id: string,
): Promise<Progress> {
  return inTransaction(client, async (tx) => {
    await lockSchema(client);
    const state = await inspectTarget(client, tables, id);
    await migrate(tx, POSTGRES, Date.now());
    if (state === 'empty') {
      if (span) await createDays(tx, span.from, span.to);
      const none: Progress = { id, table: null, after: null, rows: 0 };
      await tx.run(sql`insert into meta (name, value) values (${MOVING}, ${JSON.stringify(none)})`);
    }
    return JSON.parse((await readMeta(tx)).get(MOVING)!) as Progress;
  });
}

/**
 * Copies some rows and moves the progress on with them, all or nothing. `next` is asked for the
 * progress when the rows are over, and it is returned. Throws if another process has moved it
 * meanwhile.
 */
export async function copyBatch(
  client: Client,
  table: Table,
  batch: { from: Progress; lines: Iterable<Buffer>; next: () => Progress },
): Promise<Progress> {
  const progress = await inTransaction(client, async (tx) => {
    // A crash of the server takes the rows and the progress back together.
    await client.query('set local synchronous_commit = off');
    const row = await tx.first<{ value: string }>(
      sql`select value from meta where name = ${MOVING} for update`,
    );
    if (row?.value !== JSON.stringify(batch.from))
      throw new Error('another process is moving this store into the same database');
    const columns = table.columns.map(({ name }) => name);
    await copyIn(client, { table: table.name, columns }, batch.lines);
    const next = batch.next();
    await tx.run(sql`update meta set value = ${JSON.stringify(next)} where name = ${MOVING}`);
    failpoint('move:before-commit');
    return next;
  });
  failpoint('move:after-commit');
  return progress;
}

/** How many rows a table has, and the sum of their fingerprints modulo {@link FINGERPRINTS}. */
export async function sumTable(
  client: Client,
  table: Table,
): Promise<{ rows: number; sum: number }> {
  return inTransaction(client, async () => {
    const { rows } = await client.query<{ rows: number; sum: string }>(`
      select count(*) as rows, coalesce(sum(${fingerprintSql(table)}), 0) % ${FINGERPRINTS} as sum
      from "${table.name}"
      where ${copiedRows(table)}`);
    return { rows: rows[0]!.rows, sum: Number(rows[0]!.sum) };
  });
}

/** Makes the store ready for its nodes: from now on it is whole. */
export async function finishTarget(
  client: Client,
  id: string,
  source: Pick<Source, 'largest'>,
): Promise<void> {
  await inTransaction(client, async (tx) => {
    await startKeys(tx);
    for (const { table, column } of await identityColumns(tx)) {
      const last = source.largest(table, column);
      if (last === null) continue;
      await tx.first(sql`select setval(pg_get_serial_sequence(${table}, ${column}), ${last})`);
    }
    await tx.run(sql`delete from meta where name = ${MOVING}`);
    await tx.run(sql`insert into meta (name, value) values (${MOVED_FROM}, ${id})`);
  });
  // Not needed for anything to be right: plans are good from the first statement on.
  await client.query('analyze');
}

/** Columns that the engine counts up. */
async function identityColumns(tx: Tx): Promise<{ table: string; column: string }[]> {
  return tx.all(sql`
    select table_name::text as "table", column_name::text as "column"
    from information_schema.columns
    where table_schema = current_schema() and is_identity = 'YES'`);
}

async function inTransaction<T>(client: Client, work: (tx: Tx) => Promise<T>): Promise<T> {
  // What a role sets for its short statements is not meant for these.
  await client.query(`
    begin;
    set local statement_timeout = 0;
    set local idle_in_transaction_session_timeout = 0`);
  try {
    const result = await work(txOf(client));
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  }
}
