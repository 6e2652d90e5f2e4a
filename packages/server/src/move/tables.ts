import sql from 'sql-template-tag';
import { MOVED_FROM, MOVED_TO, MOVING } from '../store/move-marks.ts';
import type { Tx } from '../store/tx.ts';

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  /** Columns of the primary key, in its order: rows are copied in it. */
  readonly key: readonly string[];
}

export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
}

/** The types of the schema; `real` is four bytes wide in PostgreSQL. */
export type ColumnKind = 'text' | 'integer' | 'bytes' | 'real';

/** Tables that stay behind. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  migrations: 'each store writes its own',
  counts: 'they are of the last minute',
  sessions: 'a session ends with its process, and nothing runs while a store is moved',
};

/** Rows that stay behind, as a condition for both engines: what the move itself writes. */
const COPIED_ROWS: Readonly<Record<string, string>> = {
  meta: `name not in ('${MOVED_TO}', '${MOVING}', '${MOVED_FROM}')`,
};

/**
 * Every table to copy, as the schema of the store says, so that none is forgotten that a later
 * version adds. In the order in which they were made: one that refers to another comes after it.
 * Throws for a table that cannot be copied, instead of leaving it out.
 */
export async function readTables(tx: Tx): Promise<Table[]> {
  const tables = await tx.all<{ name: string }>(
    sql`select name from sqlite_schema where type = 'table' order by rowid`,
  );
  const copied = tables.filter(({ name }) => !(name in LEFT_OUT));
  return Promise.all(copied.map(({ name }) => describe(tx, name)));
}

async function describe(tx: Tx, name: string): Promise<Table> {
  const columns = await tx.all<{ name: string; type: string; pk: number }>(
    sql`select name, type, pk from pragma_table_info(${name}) order by cid`,
  );
  const key = columns.filter(({ pk }) => pk > 0).toSorted((a, b) => a.pk - b.pk);
  if (key.length === 0) throw new Error(`the table ${name} has no primary key to copy it by`);
  return {
    name,
    columns: columns.map((column) => ({ name: column.name, kind: kindOf(name, column) })),
    key: key.map((column) => column.name),
  };
}

function kindOf(table: string, { name, type }: { name: string; type: string }): ColumnKind {
  switch (type.toLowerCase()) {
    case 'text':
      return 'text';
    case 'integer':
    case 'bigint':
      return 'integer';
    case 'blob':
      return 'bytes';
    case 'real':
      return 'real';
    default:
      throw new Error(`no rule says how to copy ${table}.${name} of type ${type}`);
  }
}

/** Which rows of a table are copied and compared. */
export function copiedRows({ name }: Table): string {
  return COPIED_ROWS[name] ?? 'true';
}

/**
 * How a column is read from the old store. What was leased when its process died is due from the
 * moment of the move, as it would be at the next start.
 */
export function readAs({ name: table }: Table, { name }: Column, movedAt: number): string {
  if (table !== 'deliveries') return `"${name}"`;
  switch (name) {
    case 'state':
      return `case state when 'leased' then 'due' else state end`;
    case 'due_at':
      return `case state when 'leased' then ${movedAt} else due_at end`;
    case 'leased_by':
      return 'null';
    default:
      return `"${name}"`;
  }
}
