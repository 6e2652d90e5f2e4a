import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';

/** Rows that contradict each other, by what is wrong with them. */
const CONTRADICTIONS: Readonly<Record<string, string>> = {
  'an event without all its deliveries': `
    select e.key from events e
    where e.deliveries <> (select count(*) from deliveries d where d.event_key = e.key)`,
  'a delivery without its event': `
    select d.key from deliveries d
    where not exists (select 1 from events e where e.key = d.event_key)`,
  'a delivery to no webhook': `
    select d.key from deliveries d
    where not exists (select 1 from webhooks w where w.id = d.webhook_id)`,
  'a delivery without all its attempts': `
    select d.key from deliveries d
    where d.attempts <> (select count(*) from attempts a where a.delivery_key = d.key)`,
  'an attempt of no delivery': `
    select a.delivery_key from attempts a
    where not exists (select 1 from deliveries d where d.key = a.delivery_key)`,
  'a delivery leased when nobody runs': `select key from deliveries where state = 'leased'`,
  'a subscription of a webhook that is gone': `
    select s.webhook_id from subscriptions s
    join webhooks w on w.id = s.webhook_id
    where w.deleted_at is not null`,
  'a webhook of an app that is gone': `
    select w.id from webhooks w
    join apps a on a.id = w.app_id
    where w.deleted_at is null and a.deleted_at is not null`,
  'a key in force of an app that is gone': `
    select k.id from api_keys k
    join apps a on a.id = k.app_id
    where k.revoked_at is null and a.deleted_at is not null`,
  'a request to an inbox that is gone': `
    select r.inbox_id from inbox_requests r
    where not exists (select 1 from inboxes i where i.id = r.inbox_id)`,
};

/** What contradicts itself in the store of a service that has stopped; nothing, if all is well. */
export async function whatIsWrongIn(store: {
  readonly dataDir: string;
  /** Undefined: SQLite, in the data folder. */
  readonly databaseUrl: string | undefined;
}): Promise<string[]> {
  const { ask, close } =
    store.databaseUrl === undefined
      ? openSqlite(store.dataDir)
      : await openPostgres(store.databaseUrl);
  try {
    const wrong = [];
    for (const [what, query] of Object.entries(CONTRADICTIONS)) {
      const rows = await ask(query);
      if (rows.length > 0) wrong.push(`${what}: ${JSON.stringify(rows.slice(0, 5))}`);
    }
    return wrong;
  } finally {
    await close();
  }
}

interface Asking {
  readonly ask: (query: string) => Promise<object[]>;
  readonly close: () => Promise<void>;
}

function openSqlite(dataDir: string): Asking {
  const db = new DatabaseSync(join(dataDir, 'posthorn.db'), { readOnly: true });
  const [{ integrity_check: verdict } = {}] = db.prepare('pragma integrity_check').all();
  if (verdict !== 'ok') throw new Error(`SQLite says: ${String(verdict)}`);
  return { ask: async (query) => db.prepare(query).all(), close: async () => db.close() };
}

async function openPostgres(url: string): Promise<Asking> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return {
    ask: async (query) => (await client.query<object>(query)).rows,
    close: () => client.end(),
  };
}
