import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { publicIds } from '../../src/store/public-id.ts';
import type { Call } from './fault-log.ts';
import type { Service } from './service.ts';

/** A delivery as it is written down. */
export interface WrittenDelivery {
  readonly id: string;
  readonly event: string;
  readonly webhook: number;
  readonly state: string;
  /** What the delivery says of its calls, and how many of them are in the log. */
  readonly attempts: number;
  readonly logged: number;
  readonly lastLogged: number;
  readonly reason: string | null;
}

/** What waits or is under way for one webhook. */
export interface Waiting {
  readonly webhook: number;
  readonly state: 'due' | 'leased';
  readonly count: number;
}

/** Looks into the store beside the service, without changing anything. */
export interface StoreState {
  deliveries(): Promise<WrittenDelivery[]>;
  countEvents(): Promise<number>;
  waiting(): Promise<Waiting[]>;
  /** Leased deliveries with the number of the call that comes next, or is under way. */
  leased(): Promise<Call[]>;
  /** One question; numbers come as numbers. */
  ask(query: string): Promise<Record<string, unknown>[]>;
  /** Statements that change what is stored, for recipes that break something by hand. */
  change(statement: string): Promise<void>;
}

/** Each look opens a connection of its own, so that looks survive what recipes do to the store. */
export function stateOf({ engine, dataDir, databaseUrl }: Service): StoreState {
  const run = (statement: string, readOnly: boolean) =>
    engine === 'SQLite'
      ? Promise.resolve(runOnSqlite(dataDir, statement, readOnly))
      : runOnPostgres(databaseUrl!, statement);
  const ask = (query: string) => run(query, true);
  const ids = async () =>
    publicIds((await ask(`select value from meta where name = 'tag'`))[0]!['value'] as string);

  return {
    ask,
    async change(statement) {
      await run(statement, false);
    },
    async deliveries() {
      const known = await ids();
      const rows = (await ask(`
        select d.key, d.event_key, d.webhook_id, d.state, d.attempts, d.reason,
          coalesce(a.logged, 0) as logged, coalesce(a.last_logged, 0) as last_logged
        from deliveries d
        left join (
          select delivery_key, count(*) as logged, max(number) as last_logged
          from attempts
          group by delivery_key
        ) a on a.delivery_key = d.key
        order by d.key`)) as unknown as DeliveryRow[];
      return rows.map((row) => ({
        id: known.delivery(row.key),
        event: known.event(row.event_key),
        webhook: row.webhook_id,
        state: row.state,
        attempts: row.attempts,
        logged: row.logged,
        lastLogged: row.last_logged,
        reason: row.reason,
      }));
    },
    async countEvents() {
      return (await ask('select count(*) as n from events'))[0]!['n'] as number;
    },
    async waiting() {
      const count = (state: string) => `
        select webhook_id as webhook, '${state}' as state, count(*) as count
        from deliveries
        where state = '${state}'
        group by webhook_id`;
      // In one look: between two, a delivery could go from the one state to the other unseen.
      return (await ask(`${count('due')} union all ${count('leased')}`)) as unknown as Waiting[];
    },
    async leased() {
      const known = await ids();
      const rows = (await ask(
        `select key, attempts from deliveries where state = 'leased'`,
      )) as unknown as Pick<DeliveryRow, 'key' | 'attempts'>[];
      return rows.map(({ key, attempts }) => [known.delivery(key), attempts + 1] as const);
    },
  };
}

interface DeliveryRow {
  key: number;
  event_key: number;
  webhook_id: number;
  state: string;
  attempts: number;
  logged: number;
  last_logged: number;
  reason: string | null;
}

/** A connection that only reads leaves the log of a dead process to the one that starts next. */
function runOnSqlite(
  dataDir: string,
  statement: string,
  readOnly: boolean,
): Record<string, unknown>[] {
  const db = new DatabaseSync(join(dataDir, 'posthorn.db'), { readOnly, timeout: 5000 });
  try {
    if (readOnly) return db.prepare(statement).all();
    db.exec(statement);
    return [];
  } finally {
    db.close();
  }
}

async function runOnPostgres(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  // Keys are below 2^53, and counts are small.
  client.setTypeParser(pg.types.builtins.INT8, Number);
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}
