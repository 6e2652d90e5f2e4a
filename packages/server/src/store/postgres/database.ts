import { performance } from 'node:perf_hooks';
import pg from 'pg';
import type { Sql } from 'sql-template-tag';
import { StoreUnavailable } from '../errors.ts';
import type { OperationContext, Tx } from '../tx.ts';
import { isConflict, isUnavailable } from './failures.ts';

/** Until a connection is there, also when all are in use. */
const CONNECT_MS = 1500;
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
  /** How often the engine did not answer, or a connection broke. */
  readonly disturbances: number;
  close(): Promise<void>;
}

/** Whether a transaction that failed may have been committed all the same. */
export function isCommitUnknown(error: unknown): boolean {
  return error instanceof StoreUnavailable && error.cause instanceof CommitError;
}

class CommitError extends Error {}

/** `connections`: how many it has at most. */
export function openDatabase(url: string, connections: number): Database {
  const pool = new pg.Pool({
    ...connectionOptions(url),
    query_timeout: QUERY_MS,
    max: connections,
  });
  let disturbances = 0;
  // A connection that dies is replaced at its next use, which is who reports it.
  pool.on('error', () => disturbances++);
  pool.on('connect', (client) => void client.on('error', () => {}));
  let closing: Promise<void> | undefined;

  return {
    async transaction(work) {
      const deadline = performance.now() + TRANSACTION_MS;
      for (let tries = 1; ; tries++) {
        try {
          return await once(pool, work, deadline);
        } catch (error) {
          if (tries < TRIES && isConflict(error)) continue;
          if (!isUnavailable(error)) throw error;
          disturbances++;
          throw new StoreUnavailable(`PostgreSQL: ${(error as Error).message}`, { cause: error });
        }
      }
    },
    get disturbances() {
      return disturbances;
    },
    close: () => (closing ??= pool.end()),
  };
}

/** One connection for what runs once, at the start, and may wait for other nodes. */
export async function onceConnected<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
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

async function once<T>(
  pool: pg.Pool,
  work: (context: OperationContext) => Promise<T>,
  deadline: number,
): Promise<T> {
  const client = await pool.connect();
  const timeoutMs = () => Math.max(1, Math.min(QUERY_MS, deadline - performance.now()));
  let broken: Error | undefined;
  try {
    const begun = (await client.query(within(BEGIN, timeoutMs()))) as unknown as {
      rows: { now: number }[];
    }[];
    const result = await work({ tx: txOf(client, timeoutMs), now: begun.at(-1)!.rows[0]!.now });
    await commit(client, timeoutMs());
    return result;
  } catch (error) {
    if (error instanceof pg.DatabaseError) {
      await client.query('rollback').catch((failure: unknown) => {
        broken = failure as Error;
      });
    } else {
      // A statement may still be running there: the connection is of no use any more.
      broken = error as Error;
    }
    throw error;
  } finally {
    client.release(broken);
  }
}

async function commit(client: pg.ClientBase, timeoutMs: number): Promise<void> {
  try {
    await client.query(within('commit', timeoutMs));
  } catch (error) {
    if (isConflict(error)) throw error;
    throw new CommitError((error as Error).message, { cause: error });
  }
}

/** Without `timeoutMs` a statement may take as long as it takes. */
export function txOf(client: pg.ClientBase, timeoutMs?: () => number): Tx {
  const query = ({ text, values }: Sql) =>
    client.query(within(text, timeoutMs?.()), values.map(bound));
  return {
    all: async <Row>(statement: Sql) => (await query(statement)).rows as Row[],
    first: async <Row>(statement: Sql) => (await query(statement)).rows[0] as Row | undefined,
    run: async (statement) => (await query(statement)).rowCount ?? 0,
  };
}

/** What node-postgres reads of a statement besides what its types say. */
function within(text: string, query_timeout?: number): pg.QueryConfig {
  return query_timeout === undefined ? { text } : ({ text, query_timeout } as pg.QueryConfig);
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

/** Our keys and times are below 2^53: plain numbers. */
const getTypeParser = ((oid: number, format: 'text') =>
  oid === INT8 ? Number : (pg.types.getTypeParser(oid, format) as unknown)) as NonNullable<
  pg.PoolConfig['types']
>['getTypeParser'];

function bound(value: unknown): unknown {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'string') return withoutNul(value);
  if (value instanceof Uint8Array)
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (Array.isArray(value)) return value.map(bound);
  return value;
}

/** PostgreSQL's text has no NUL; what a receiver or a person wrote must not fail for it. */
function withoutNul(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
}
