import { join } from 'node:path';
import { openPostgres } from '@posthorn/testkit/postgres';
import sql from 'sql-template-tag';
import { expect, it } from 'vitest';
import { keyAt } from '../../src/store/keys.ts';
import { listEvents } from '../../src/store/operations/events.ts';
import { openDatabase } from '../../src/store/postgres/database.ts';
import { openPostgresStore } from '../../src/store/postgres/open.ts';
import { Connection } from '../../src/store/sqlite/connection.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import type { Tx } from '../../src/store/tx.ts';
import { newDataDir, removeDataDir } from '../start.ts';

const EVENTS = 20_000;
const RARE = { action: 99, location: 99 };
const TOP = { before: Number.MAX_SAFE_INTEGER, limit: 10 };

/** What somebody asks for who gets three of all events, and the index that is to answer. */
const QUESTIONS = [
  { given: { action: RARE.action }, index: /action/ },
  { given: { location: RARE.location }, index: /location/ },
  { given: { bounds: { app: null, locations: [RARE.location] } }, index: /location/ },
  { given: { bounds: { app: null, locations: [RARE.location, 98] } }, index: /location/ },
];

it('finds what is rare among all events by an index, on SQLite', async () => {
  const dataDir = newDataDir();
  await (await openSqliteStore({ dataDir })).close();
  const db = new Connection(join(dataDir, 'posthorn.db'));
  await fill(db.tx);
  for (const { given, index } of QUESTIONS) {
    const { keys, plans } = await explained(db.tx, 'explain query plan', given);
    expect(keys).toBe(3);
    expect(plans[0]).toMatch(/SEARCH e USING (COVERING )?INDEX events_by_/);
    expect(plans[0]).toMatch(index);
    expect(plans.join('\n')).not.toContain('SCAN');
  }
  db.close();
  removeDataDir(dataDir);
});

it('finds what is rare among all events by an index, on PostgreSQL', async () => {
  const server = await openPostgres();
  await (await openPostgresStore({ url: server.url })).close();
  const database = openDatabase(server.url, 1);
  await database.transaction(async ({ tx }) => {
    await fill(tx);
    await tx.run(sql`analyze events`);
  });
  for (const { given, index } of QUESTIONS) {
    const { keys, plans } = await database.transaction(({ tx }) => explained(tx, 'explain', given));
    expect(keys).toBe(3);
    const [used] = /Index (Only )?Scan .*using \w+ on \w+/.exec(plans[0]!)!;
    expect(used).toMatch(index);
  }
  await database.close();
  await server.stop();
});

/** Events of one action and no location but for three of each, of this very moment. */
async function fill(tx: Tx): Promise<void> {
  const first = keyAt(Date.now());
  await tx.run(sql`
    with recursive numbers (i) as (
      select 1
      union all
      select i + 1 from numbers where i < ${EVENTS}
    )
    insert into events (key, action, location_id, is_test, deliveries, record)
    select cast(${first} as bigint) + i,
      case when i % 7000 = 1 then ${RARE.action} else 6 end,
      case when i % 7000 = 2 then ${RARE.location} else 5 end, 0, 0, ${new Uint8Array(100)}
    from numbers`);
}

/** Asks, and has each statement explained. */
async function explained(
  tx: Tx,
  explain: 'explain' | 'explain query plan',
  given: Partial<Parameters<typeof listEvents>[1]>,
): Promise<{ keys: number; plans: string[] }> {
  const plans: string[] = [];
  const explaining: Tx = {
    ...tx,
    async all<Row>(statement: Parameters<Tx['all']>[0]) {
      const plan = sql([`${explain} `, ''], statement);
      const rows = await tx.all<Record<string, unknown>>(plan);
      plans.push(rows.map((row) => Object.values(row).at(-1)).join('\n'));
      return tx.all<Row>(statement);
    },
  };
  const { length } = await listEvents({ tx: explaining, now: 0 }, { ...TOP, ...given });
  return { keys: length, plans };
}
