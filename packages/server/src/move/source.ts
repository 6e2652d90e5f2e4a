import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readMoveMark, removeMoveMark, writeMoveMark, type MoveMark } from '../store/move-marks.ts';
import { keyTime } from '../store/keys.ts';
import { openOwnFile } from '../store/sqlite/open-file.ts';
import { MoveRefused } from './refused.ts';
import { copiedRows, readAs, readTables, type Table } from './tables.ts';
import type { Row, Value } from './values.ts';

/** The SQLite store that is moved away, held as its only process. */
export interface Source {
  readonly tables: readonly Table[];
  readonly mark: MoveMark | undefined;
  setMark(mark: MoveMark | null): Promise<void>;
  /** When its first and its last event took place, epoch milliseconds; null: there is none. */
  readonly span: { readonly from: number; readonly to: number } | null;
  count(table: Table): number;
  /** Rows behind the key `after` (null: all) in the order of the key, read as they are asked for. */
  rowsAfter(table: Table, after: readonly Value[] | null, movedAt: number): Iterable<Row>;
  /** All rows, in whatever order is fastest: to compare with what was copied by key. */
  allRows(table: Table, movedAt: number): Iterable<Row>;
  /** The largest value of a numeric column; null if there is none. */
  largest(table: string, column: string): number | null;
  /** Scopes of the secrets that were sealed with none of these keys. */
  secretsSealedOtherwise(keyIds: readonly string[]): string[];
  close(): void;
}

/** Refuses a folder without a store, and one that another process uses. */
export async function openSource(dataDir: string): Promise<Source> {
  const file = join(dataDir, 'posthorn.db');
  if (!existsSync(file)) throw new MoveRefused(`There is no store in ${dataDir}.`);
  const { db } = await openOwnFile({ file, maxPages: null }).catch((error: unknown) => {
    throw new MoveRefused(
      `The store in ${dataDir} cannot be opened: ${(error as Error).message}. Stop the service first.`,
      { cause: error },
    );
  });
  const rows = (text: string, values: readonly Value[] = []) => {
    const statement = db.prepare(text);
    statement.setReturnArrays(true);
    return statement.iterate(...values) as Iterable<unknown> as Iterable<Row>;
  };
  const only = (text: string) => [...rows(text)][0]![0] as number | null;
  const first = only('select min(key) from events');
  const last = only('select max(key) from events');

  return {
    tables: await readTables(db.tx),
    mark: await readMoveMark(db.tx),
    setMark: (mark) => (mark === null ? removeMoveMark(db.tx) : writeMoveMark(db.tx, mark)),
    span: first === null || last === null ? null : { from: keyTime(first), to: keyTime(last) },
    count: (table) => only(`select count(*) from "${table.name}" where ${copiedRows(table)}`)!,
    rowsAfter(table, after, movedAt) {
      const key = table.key.map((column) => `"${column}"`).join(', ');
      const behind = after === null ? 'true' : `(${key}) > (${after.map(() => '?').join(', ')})`;
      const text = `${select(table, movedAt)} and ${behind} order by ${key}`;
      return rows(text, after ?? []);
    },
    allRows: (table, movedAt) => rows(select(table, movedAt)),
    largest: (table, column) => only(`select max("${column}") from "${table}"`),
    secretsSealedOtherwise(keyIds) {
      const otherwise = `key_id not in (${keyIds.map(() => '?').join(', ')})`;
      const scopes = `select distinct scope from secrets where ${otherwise} order by scope`;
      return [...rows(scopes, keyIds)].map(([scope]) => scope as string);
    },
    close: () => db.close(),
  };
}

function select(table: Table, movedAt: number): string {
  const columns = table.columns.map((column) => readAs(table, column, movedAt)).join(', ');
  return `select ${columns} from "${table.name}" where ${copiedRows(table)}`;
}
