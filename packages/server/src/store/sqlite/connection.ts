import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { Sql } from 'sql-template-tag';
import type { Tx } from '../tx.ts';

/**
 * One SQLite connection with its prepared statements. The one that writes lives in the store's
 * thread, and the one that reads in its own.
 *
 * WAL with `synchronous=FULL`: a commit is on the disk when it returns, also after power loss. One
 * that reads sees what was committed when its transaction began, and holds nobody up.
 */
export class Connection {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly tx: Tx;

  constructor(file: string, { readOnly = false }: { readonly readOnly?: boolean } = {}) {
    this.#db = new DatabaseSync(file, { readOnly });
    this.#db.exec('pragma temp_store = memory; pragma cache_size = -16000;');
    if (!readOnly) {
      this.#db.exec(`
        pragma journal_mode = wal;
        pragma synchronous = full;
        pragma foreign_keys = on;
        pragma wal_autocheckpoint = ${CHECKPOINT_PAGES};
        pragma journal_size_limit = 67108864;
      `);
    }
    this.tx = {
      all: async <Row>(statement: Sql) => this.#query(statement) as Row[],
      first: async <Row>(statement: Sql) => this.#query(statement)[0] as Row | undefined,
      run: async (statement) =>
        Number(this.prepare(statement.sql).run(...bound(statement)).changes),
    };
  }

  /** The statement for a text, prepared once. */
  prepare(text: string): StatementSync {
    let statement = this.#statements.get(text);
    if (!statement) {
      statement = this.#db.prepare(text);
      if (this.#statements.size >= MAX_STATEMENTS) this.#statements.clear();
      this.#statements.set(text, statement);
    }
    return statement;
  }

  exec(text: string): void {
    this.#db.exec(text);
  }

  get inTransaction(): boolean {
    return this.#db.isTransaction;
  }

  close(): void {
    this.#statements.clear();
    if (this.#db.isOpen) this.#db.close();
  }

  #query(statement: Sql): unknown[] {
    return this.prepare(statement.sql).all(...bound(statement));
  }
}

/**
 * Pages in the WAL before a commit copies them into the main file. A commit every few
 * milliseconds fills the default of 1000 several times a second, each time with a sync of both
 * files; 8000 pages are 32 MB, which a start after a crash reads in well under a second.
 */
const CHECKPOINT_PAGES = 8000;

/** What people filter by makes statements of its own; those of the service are some hundred. */
const MAX_STATEMENTS = 1000;

function bound(statement: Sql): SQLInputValue[] {
  return statement.values.map((value) =>
    typeof value === 'boolean' ? Number(value) : value,
  ) as SQLInputValue[];
}
