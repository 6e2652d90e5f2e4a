import { hash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import pg from 'pg';
import type { Sql } from 'sql-template-tag';
import { Conflict, StoreUnavailable } from '../errors.ts';
import type { OperationContext, Tx } from '../tx.ts';
import { isConflict, isUnavailable, isUnprepared } from './failures.ts';

/** Until a connection is there, also when all are in use. */
const CONNECT_MS = 1000;
/**
 * Until a statement is answered, by our own clock: a server that is frozen says nothing at all.
 */
const QUERY_MS = 2500;
/**
 * Until a transaction is over, from the wait for a connection on, however many of its statements
 * wait a little: below the five seconds in which the API answers. While commits wait for a
 * synchronous standby the locks of those before add up to 7.4 s without it.
 */
const TRANSACTION_MS = CONNECT_MS + QUERY_MS;
/** A transaction that two nodes made impossible (deadlock, serialization) is run again. */
const TRIES = 3;

/**
 * First of every transaction, in one message with the time. The limits are the server's, a little
 * below ours, so that it gives up first and says why. They are set per transaction and not per
 * connection, because behind pgbouncer a connection has no state of its own.
 */
const BEGIN = `
  begin isolation level read committed;
  set local statement_timeout = 2000;
  set local lock_timeout = 1500;
  set local idle_in_transaction_session_timeout = 5000;
  select (extract(epoch from clock_timestamp()) * 1000)::bigint as now`;

/** A pool of connections; every use of it is one transaction. */
export interface Database {
  /**
   * Runs `work` in a transaction, again if the engine asks for it, and resolves when it is on
   * disk. Rejects with StoreUnavailable if the engine cannot answer; whether the transaction took
   * place is then unknown if `isCommitUnknown` says so.
   */
  transaction<T>(work: (context: OperationContext) => Promise<T>): Promise<T>;
  /**
   * The same for the operations that run all the time: their statements are prepared once per
   * connection, and may be sent before those ahead of them are answered.
   */
  pipeline<T>(work: (context: PipelineContext) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** A transaction whose statements need not wait for each other. */
export interface PipelineContext {
  readonly tx: Tx;
  /** The store's clock at its beginning; comes with the first answer. */
  readonly now: Promise<number>;
  /**
   * Sends the commit behind the statements sent so far, which are the last, instead of waiting for
   * their answers. If one of them fails nothing is committed, and its error is the transaction's.
   */
  readonly commit: () => void;
}

/** Whether a transaction that failed may have been committed all the same. */
export function isCommitUnknown(error: unknown): boolean {
  return error instanceof StoreUnavailable && error.cause instanceof CommitError;
}

class CommitError extends Error {
  constructor(cause: Error) {
    super(cause.message, { cause });
  }
}

/**
 * `connections`: how many it has at most. `onDisturbance`: the engine did not answer, or a
 * connection broke.
 */
export function openDatabase(
  url: string,
  connections: number,
  onDisturbance: () => void = () => {},
): Database {
  const pool = new pg.Pool({
    ...connectionOptions(url),
    query_timeout: QUERY_MS,
    pipeline: true,
    max: connections,
  });
  // A connection that dies is replaced at its next use, which is who reports it.
  pool.on('error', onDisturbance);
  pool.on('connect', (client) => void client.on('error', () => {}));
  let closing: Promise<void> | undefined;
  let statements: Statements = 'prepared';

  return {
    transaction: (work) =>
      again((deadline) =>
        once(pool, { statements: 'each', deadline }, async ({ tx, now }) =>
          work({ tx, now: await now }),
        ),
      ),
    pipeline: (work) =>
      again(async (deadline) => {
        try {
          return await once(pool, { statements, deadline }, work);
        } catch (error) {
          if (!isUnprepared(error)) throw error;
          // A pooler hands each transaction to another connection of the server.
          statements = 'each';
          return once(pool, { statements, deadline }, work);
        }
      }),
    close: () => (closing ??= pool.end()),
  };

  async function again<T>(run: (deadline: number) => Promise<T>): Promise<T> {
    const deadline = performance.now() + TRANSACTION_MS;
    for (let tries = 1; ; tries++) {
      try {
        return await run(deadline);
      } catch (error) {
        if (tries < TRIES && isConflict(error)) continue;
        // A transaction that `work` waited for has said so already.
        if (error instanceof StoreUnavailable || !isUnavailable(error)) throw error;
        onDisturbance();
        throw new StoreUnavailable(`PostgreSQL: ${(error as Error).message}`, { cause: error });
      }
    }
  }
}

/** A connection of its own, for those who need more than transactions of a pool. */
export type Client = pg.Client;

/** One connection for what runs once, at the start, and may wait for other nodes. */
export async function onceConnected<T>(
  url: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(connectionOptions(url));
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Whether a statement is parsed and planned each time, or once per connection. */
type Statements = 'each' | 'prepared';

interface Manner {
  readonly statements: Statements;
  /** When the transaction has to be over, by `performance.now()`. */
  readonly deadline: number;
}

async function once<T>(
  pool: pg.Pool,
  { statements, deadline }: Manner,
  work: (context: PipelineContext) => Promise<T>,
): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  let committing: Promise<void> | undefined;
  const timeoutMs = () => Math.max(1, Math.min(QUERY_MS, deadline - performance.now()));
  const commit = () => (committing ??= sendCommit(client, timeoutMs()));
  try {
    const now = begin(client, timeoutMs());
    // Whoever sends the next statement meets the same failure.
    now.catch(() => {});
    const result = await work({
      tx: txOf(client, { statements, timeoutMs }),
      now,
      commit: () => void commit().catch(() => {}),
    });
    await commit();
    return result;
  } catch (error) {
    if (error instanceof pg.DatabaseError || error instanceof Conflict) {
      await (committing ?? client.query('rollback')).catch((failure: unknown) => {
        if (!(failure instanceof NotCommitted)) broken = failure as Error;
      });
      throw error;
    }
    // A statement may still be running there: the connection is of no use any more.
    broken = error as Error;
    throw committing && !(broken instanceof NotCommitted) ? new CommitError(broken) : broken;
  } finally {
    client.release(broken);
  }
}

async function begin(client: pg.ClientBase, query_timeout: number): Promise<number> {
  const results = (await client.query(within({ text: BEGIN, query_timeout }))) as unknown as {
    rows: { now: number }[];
  }[];
  return results.at(-1)!.rows[0]!.now;
}

/** Rejects with {@link NotCommitted} when a statement before it failed, which says why. */
async function sendCommit(client: pg.ClientBase, query_timeout: number): Promise<void> {
  const statement = within({ text: 'commit', query_timeout });
  const { command } = await client.query(statement).catch((error: unknown) => {
    // Any other error can come after the commit took place: a server that is stopped just then.
    throw isConflict(error) ? error : new CommitError(error as Error);
  });
  if (command !== 'COMMIT') throw new NotCommitted('a statement of the transaction failed');
}

class NotCommitted extends Error {}

interface TxManner {
  readonly statements: Statements;
  readonly timeoutMs: () => number;
}

/** Without `manner` a statement is planned each time, and may take as long as it takes. */
export function txOf(client: pg.ClientBase, manner?: TxManner): Tx {
  const query = ({ text, values }: Sql) =>
    client.query(
      within({
        text,
        values: values.map(bound),
        ...(manner && { query_timeout: manner.timeoutMs() }),
        ...(manner?.statements === 'prepared' && { name: nameOf(text) }),
      }),
    );
  return {
    all: async <Row>(statement: Sql) => (await query(statement)).rows as Row[],
    first: async <Row>(statement: Sql) => (await query(statement)).rows[0] as Row | undefined,
    run: async (statement) => (await query(statement)).rowCount ?? 0,
  };
}

/** What node-postgres reads of a statement besides what its types say. */
function within(query: pg.QueryConfig & { query_timeout?: number }): pg.QueryConfig {
  return query;
}

/** Names of prepared statements by their texts, which are few and the same all the time. */
const names = new Map<string, string>();

function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = `posthorn_${hash('sha256', text).slice(0, 16)}`;
    names.set(text, name);
  }
  return name;
}

function connectionOptions(url: string): pg.PoolConfig {
  return {
    connectionString: url,
    application_name: 'posthorn',
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    types: { getTypeParser },
  };
}

const INT8 = 20;
const BYTEA = 17;

const getTypeParser = ((oid: number, format: 'text'): unknown => {
  // Our keys and times are below 2^53: plain numbers.
  if (oid === INT8) return Number;
  return oid === BYTEA ? bytesOf : pg.types.getTypeParser(oid, format);
}) as NonNullable<pg.PoolConfig['types']>['getTypeParser'];

/** `\x` and hex digits, as bytes in memory of their own: what crosses to a thread takes all of it. */
function bytesOf(text: string): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow((text.length - 2) / 2);
  bytes.write(text.slice(2), 'hex');
  return bytes;
}

function bound(value: unknown): unknown {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'string') return withoutNul(value);
  if (value instanceof Uint8Array)
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (Array.isArray(value)) return value.map(bound);
  return value;
}

/** PostgreSQL's text has no NUL; what a receiver or a person wrote must not fail for it. */
export function withoutNul(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
}
