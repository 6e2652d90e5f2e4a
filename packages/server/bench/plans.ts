/**
 * The plans of the statements that run per delivery, and what the operations cost, on a store that
 * holds two million deliveries, half of them due behind one dead receiver.
 *
 * `node packages/server/bench/plans.ts [sqlite|postgres] [deliveries in thousands]`; a few minutes.
 * It starts its own PostgreSQL. The comments at the statements are taken from here.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgres } from '@posthorn/testkit/postgres';
import sql, { raw, type Sql } from 'sql-template-tag';
import { DAY_MS, KeySource } from '../src/store/keys.ts';
import * as postgresAccept from '../src/store/operations/accept.postgres.ts';
import * as sqliteAccept from '../src/store/operations/accept.sqlite.ts';
import * as postgresClaim from '../src/store/operations/claim.postgres.ts';
import * as sqliteClaim from '../src/store/operations/claim.sqlite.ts';
import { getDelivery, listDeliveries } from '../src/store/operations/deliveries.ts';
import { getEvent, listEvents } from '../src/store/operations/events.ts';
import type { AcceptBatch, ClaimBatch, SettleBatch } from '../src/store/operations/hot.ts';
import { removeOldEvents } from '../src/store/operations/retention.ts';
import { look } from '../src/store/operations/look.ts';
import { takeOver } from '../src/store/operations/sessions.ts';
import * as postgresSettle from '../src/store/operations/settle.postgres.ts';
import * as sqliteSettle from '../src/store/operations/settle.sqlite.ts';
import { cancelWaiting, countWaiting, hastenWaiting } from '../src/store/operations/waiting.ts';
import { onceConnected, openDatabase, txOf } from '../src/store/postgres/database.ts';
import { createDays } from '../src/store/postgres/days.ts';
import { KeyBlocks } from '../src/store/postgres/key-blocks.ts';
import { openPostgresStore } from '../src/store/postgres/open.ts';
import { Connection } from '../src/store/sqlite/connection.ts';
import { openSqliteStore } from '../src/store/sqlite/open.ts';
import type { Store } from '../src/store/store.ts';
import type { OperationContext, Tx } from '../src/store/tx.ts';
import { sampleRequest, sampleSettlement, sampleWebhook } from '../test/samples.ts';
import { fill, type Filling } from './filled.ts';

const [engine = 'both', thousands = '2000'] = process.argv.slice(2);
const deliveries = Number(thousands) * 1000;
const FILLING: Filling = {
  ended: deliveries * 0.45,
  dead: deliveries * 0.5,
  later: deliveries * 0.04,
  lanes: 1000,
  duePerLane: Math.ceil((deliveries * 0.01) / 1000),
};
const ROUNDS = 300;
const ALIVE_MS = 3_600_000;
/** Deliveries per batch of what is measured. */
const BATCH = 10;
/** The webhook that is measured; the dead one comes next, then those of the lanes. */
const HEALTHY = 1;
const DEAD = 2;
const APP = 1;

if (engine !== 'postgres') await onSqlite();
if (engine !== 'sqlite') await onPostgres();

async function onSqlite(): Promise<void> {
  const dirs = ['empty', 'full'].map((name) => mkdtempSync(join(tmpdir(), `posthorn-${name}-`)));
  for (const dir of dirs) await (await openPrepared(dir)).close();
  const dataDir = dirs[1]!;
  const session = 1;
  const db = new Connection(join(dataDir, 'posthorn.db'));
  const now = Date.now();
  db.exec('begin');
  await fill(db.tx, FILLING, DEAD, now);
  db.exec('commit');
  const run: OperationContext = { tx: db.tx, now };
  const prepared = new Set<string>();
  const prepare = db.prepare.bind(db);
  db.prepare = (text) => prepare((prepared.add(text), text));
  const keys = new KeySource((now + DAY_MS) * 2048);
  const explain = async (name: string, work: (run: OperationContext) => unknown) => {
    prepared.clear();
    db.exec('begin');
    await work(run);
    db.exec('rollback');
    say(`\n## ${name}, SQLite`);
    for (const text of [...prepared].filter(isOfDeliveries)) {
      const plan = prepare(`explain query plan ${text}`).all() as { detail: string }[];
      say(`${firstWords(text)}\n${plan.map(({ detail }) => `    ${detail}`).join('\n')}`);
    }
  };
  let born: readonly number[] = [];
  await explain('accept', () => {
    born = sqliteAccept.acceptEvents(db, keys, acceptBatch(session, BATCH), now).leased.key;
  });
  await explain('claim', () => sqliteClaim.claimDeliveries(db, claimBatch(session), now));
  await explain('settle', () => sqliteSettle.settleAttempts(db, settleBatch(session, born)));
  await explain('release', () => sqliteClaim.releaseDeliveries(db, { session, keys: [1] }, now));
  await explainCold(explain, run);
  db.close();
  const stores = await Promise.all(dirs.map((dir) => openSqliteStore({ dataDir: dir })));
  await compare('SQLite', stores);
  for (const [i, store] of stores.entries()) {
    await store.close();
    rmSync(dirs[i]!, { recursive: true, force: true });
  }

  async function openPrepared(dir: string): Promise<Store> {
    const store = await openSqliteStore({ dataDir: dir });
    await createWebhooks(store);
    return store;
  }
}

async function onPostgres(): Promise<void> {
  const server = await openPostgres({ fsync: true });
  await onceConnected(server.url, (client) => client.query('create database filled'));
  const url = server.url.replace(/postgres$/, 'filled');
  const stores = [await openPostgresStore(server), await openPostgresStore({ url })];
  for (const one of stores) await createWebhooks(one);
  const store = stores[1]!;
  const { session } = await store.startSession({ aliveMs: ALIVE_MS });
  await onceConnected(url, async (client) => {
    const tx = txOf(client);
    const now = Date.now();
    await createDays(tx, now - 31 * DAY_MS, now);
    await fill(tx, FILLING, DEAD, now);
    await client.query('vacuum analyze');
    await client.query('checkpoint');
    const counting = openDatabase(url, 1);
    const keys = new KeyBlocks(counting);
    const explain = async (name: string, work: (run: OperationContext) => unknown) => {
      say(`\n## ${name}, PostgreSQL`);
      await client.query('begin');
      await work({ tx: explaining(tx), now });
      await client.query('rollback');
    };
    const pipelined = ({ tx: inner, now: at }: OperationContext) => ({
      tx: inner,
      now: Promise.resolve(at),
      commit: () => {},
      leases: [],
    });
    await explain('accept', (run) =>
      postgresAccept.acceptEvents(pipelined(run), keys, acceptBatch(session, 0)),
    );
    await explain('claim', (run) =>
      postgresClaim.claimDeliveries(pipelined(run), claimBatch(session)),
    );
    const { leased } = await store.acceptEvents(acceptBatch(session, BATCH));
    await explain('settle', (run) =>
      postgresSettle.settleAttempts(pipelined(run), settleBatch(session, leased.key)),
    );
    await explain('release', (run) =>
      postgresClaim.releaseDeliveries(run, { session, keys: [...leased.key] }),
    );
    await explainCold(explain, { tx, now });
    await counting.close();
  });
  await compare('PostgreSQL', stores);
  for (const one of stores) await one.close();
  await server.stop();
}

/** Operations that have one text for both engines. */
async function explainCold(
  explain: (name: string, work: (run: OperationContext) => unknown) => Promise<void>,
  own: OperationContext,
): Promise<void> {
  const top = { before: Number.MAX_SAFE_INTEGER, limit: 50 };
  await explain('look', (run) => look(run, { session: 0, aheadMs: 0 }));
  await explain('take over', takeOver);
  await explain('count waiting', (run) => countWaiting(run, { webhook: DEAD }));
  await explain('hasten', (run) => hastenWaiting(run, { webhook: DEAD }));
  const dropped = { webhook: DEAD, before: Number.MAX_SAFE_INTEGER, reason: 'dropped' } as const;
  await explain('cancel', (run) => cancelWaiting(run, dropped));
  await explain('log', (run) => listDeliveries(run, top));
  await explain('log of a webhook', (run) => listDeliveries(run, { ...top, webhook: DEAD + 1 }));
  // In the filled store the webhooks behind the dead one got what has ended.
  const ofApp = { app: APP, locations: null };
  await own.tx.run(sql`insert into apps (id, name, created_at) values (${APP}, 'App', ${own.now})`);
  await own.tx.run(sql`
    insert into webhooks (id, unique_id, app_id, name, description, url, active, created_at,
      updated_at, enabled_at, error_count)
    values (${DEAD + 1}, 'of-app', ${APP}, 'Of an app', '', 'http://receiver/', 1, ${own.now},
      ${own.now}, ${own.now}, 0)
    on conflict (id) do update set app_id = excluded.app_id`);
  await explain('events of an app', (run) => listEvents(run, { ...top, bounds: ofApp }));
  const [got] = await listEvents(own, { ...top, bounds: ofApp });
  await explain('one event of an app', (run) => getEvent(run, { key: got!.key, bounds: ofApp }));
  const [newest] = await listDeliveries(own, top);
  await explain('one delivery', (run) => getDelivery(run, { key: newest!.key }));
  const before = (own.now - 29 * DAY_MS) * 2048;
  await explain('slice of retention', (run) => removeOldEvents(run, { after: 0, before }));
}

/** Explains each statement by running it, undoes that, and runs it. */
function explaining(tx: Tx): Tx {
  const explain = async (statement: Sql) => {
    if (!isOfDeliveries(statement.text)) return;
    await tx.run(sql`savepoint explained`);
    const rows = await tx.all<{ 'QUERY PLAN': string }>(
      sql`${raw('explain (analyze, costs off, timing off, buffers off) ')}${statement}`,
    );
    await tx.run(sql`rollback to savepoint explained`);
    say(`${firstWords(statement.text)}\n${shortened(rows.map((row) => row['QUERY PLAN']))}`);
  };
  return {
    all: async (statement) => {
      await explain(statement);
      return tx.all(statement);
    },
    first: async (statement) => {
      await explain(statement);
      return tx.first(statement);
    },
    run: async (statement) => {
      await explain(statement);
      return tx.run(statement);
    },
  };
}

function isOfDeliveries(text: string): boolean {
  return /\b(deliveries|events|attempts)\b/.test(text);
}

/** One line for all days of which the same is said. */
function shortened(plan: readonly string[]): string {
  const said = new Set<string>();
  const lines = plan.filter((line) => {
    if (/Index Searches|Storage:|Heap Fetches|Rows Removed|Heap Blocks/.test(line)) return false;
    if (!/_\d{4}_\d\d_\d\d|Cond: |Filter: /.test(line)) said.clear();
    const same = line.replaceAll(/_\d{4}_\d\d_\d\d(_pkey)?| [a-z]_\d+|\(.*/g, '');
    return said.size < said.add(same).size;
  });
  return lines.map((line) => `    ${line}`).join('\n');
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function firstWords(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 100);
}

async function createWebhooks(store: Store): Promise<void> {
  for (let i = 0; i <= 1 + FILLING.lanes; i++) {
    await store.createWebhook(sampleWebhook({ actions: i === 0 ? [6] : [7] }));
  }
}

/**
 * The median time of each operation for a batch of a healthy lane, in the empty store and in the
 * full one: they take turns, so that what else the machine does meets both.
 */
async function compare(name: string, stores: readonly Store[]): Promise<void> {
  const times = stores.map(() => new Map<string, number[]>());
  const sessions = await Promise.all(
    stores.map((store) => store.startSession({ aliveMs: store.isShared ? ALIVE_MS : null })),
  );
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, store] of stores.entries()) await once(store, sessions[i]!.session, times[i]!);
  }
  say(`\n## ${name}: ms per batch of ${BATCH}, median of ${ROUNDS}`);
  say(`${'operation'.padEnd(12)} empty   with ${deliveries} deliveries, half of them due`);
  for (const operation of times[0]!.keys()) {
    const medians = times.map((all) => {
      const sorted = all.get(operation)!.toSorted((a, b) => a - b);
      return sorted[ROUNDS / 2]!.toFixed(2).padStart(5);
    });
    say(`${operation.padEnd(12)} ${medians.join('   ')}`);
  }
}

async function once(store: Store, session: number, times: Map<string, number[]>): Promise<void> {
  const timed = async <T>(name: string, work: Promise<T>): Promise<T> => {
    const from = performance.now();
    const result = await work;
    times.set(name, [...(times.get(name) ?? []), performance.now() - from]);
    return result;
  };
  await timed('accept', store.acceptEvents(acceptBatch(session, 0)));
  const lanes = [{ webhook: HEALTHY, limit: BATCH, probe: null }];
  const claimed = await timed('claim', store.claimDeliveries({ session, lanes }));
  const keys = claimed.deliveries.map(({ key }) => key);
  if (keys.length !== BATCH) throw new Error(`claimed ${keys.length}`);
  await timed('settle', store.settleAttempts(settleBatch(session, keys)));
  if (store.isShared) await timed('look', store.look({ session, aheadMs: 0 }));
}

function acceptBatch(session: number, fullRoom: number): AcceptBatch {
  const record = JSON.stringify({ Id: 1, Text: 'x'.repeat(1000) });
  return {
    session,
    requests: [
      sampleRequest({
        recordEnds: Array.from({ length: BATCH }, (_, i) => record.length * (i + 1)),
      }),
    ],
    records: new TextEncoder().encode(record.repeat(BATCH)),
    fullRoom,
    rooms: new Map(),
  };
}

/** Sixteen lanes, and the probe of the open one. */
function claimBatch(session: number): ClaimBatch {
  const probe = { enabledAt: 0, besides: null };
  const lanes = Array.from({ length: 16 }, (_, i) => ({ webhook: DEAD + 1 + i, limit: BATCH }));
  return {
    session,
    lanes: [
      ...lanes.map((lane) => ({ ...lane, probe: null })),
      { webhook: DEAD, limit: 1, probe },
      { webhook: DEAD, limit: 1, probe: { ...probe, besides: 1 } },
    ],
  };
}

function settleBatch(session: number, keys: readonly number[]): SettleBatch {
  const items = keys.map((key) => sampleSettlement(HEALTHY, key, { startedAt: Date.now() }));
  return { session, items, health: [], disable: [] };
}
