/**
 * What the harness needs to know of a service that sends webhooks: how it is started, and four
 * calls. Posthorn and its peers are measured through it; `docs/performance.md` shows how to add
 * another one.
 */
export interface Adapter {
  /** How it is used, for the table: durability, settings, what its callers send by. */
  readonly what: string;
  /** Servers that the harness starts for it. */
  readonly needs: readonly Need[];
  /**
   * What the harness lets wait (reported, not yet received) before its load generator pauses. For
   * services that take without regard to what they can send; null: it slows its callers itself.
   */
  readonly maxAhead: number | null;
  /** The command that starts one process of it. */
  start(place: Place): StartCommand;
  /** In the harness, and again in the process of the load generator. */
  connect(address: Address): Promise<Client>;
}

export type Need = 'postgres' | 'redis';

/** Where a service lives: an empty folder, and a database and a Redis of its own if it needs them. */
export interface Place {
  readonly dir: string;
  readonly postgresUrl: string | null;
  readonly redisUrl: string | null;
}

export interface StartCommand {
  /** Arguments of Node. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Matches the line of its output that says it is ready; group 1, if any, is its origin. */
  readonly ready: RegExp;
}

/** How a service is reached; it crosses to the load generator as JSON. */
export interface Address extends Place {
  /** `http://127.0.0.1:1234`, one per process; empty for a service without HTTP of its own. */
  readonly origins: readonly string[];
  /** One webhook each: `sendOne(record, 3)` is to arrive at the fourth. */
  readonly urls: readonly string[];
}

/** The four calls. Each rejects if the service refuses. */
export interface Client {
  /** Makes the webhooks, or gives those that are there the present URLs. */
  setUp(): Promise<void>;
  /** Resolves when the service has kept the record, by its own promise. */
  sendOne(record: Buffer, webhook: number): Promise<void>;
  /** The same for many records in one call. */
  sendMany(records: readonly Buffer[], webhook: number): Promise<void>;
  /** Attempts in its log so far; never more, and exact when nothing is under way. */
  count(): Promise<number>;
  close(): Promise<void>;
}
