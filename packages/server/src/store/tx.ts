import type { Sql } from 'sql-template-tag';

/**
 * One open transaction, the same to look at on every engine.
 *
 * A statement is plain SQL by `sql-template-tag`; instants are epoch milliseconds, truth values
 * are 0 and 1, bytes are Uint8Array. On SQLite every promise is already settled when it returns,
 * so that a transaction never lets another one in between.
 */
export interface Tx {
  /** All rows; columns keep their snake_case names. */
  all<Row>(statement: Sql): Promise<Row[]>;
  /** The first row, if any. */
  first<Row>(statement: Sql): Promise<Row | undefined>;
  /** Runs a change and returns how many rows it touched. */
  run(statement: Sql): Promise<number>;
}

/** What an operation gets besides its input. */
export interface OperationContext {
  readonly tx: Tx;
  /** The store's clock at the start of the transaction, epoch milliseconds. */
  readonly now: number;
}
