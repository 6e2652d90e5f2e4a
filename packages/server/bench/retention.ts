/**
 * What retention costs those who write meanwhile: on SQLite how long each slice holds the writer,
 * on PostgreSQL how long reports wait while days are dropped.
 *
 * `node packages/server/bench/retention.ts [sqlite|postgres]`; a minute each.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openPostgres } from '@posthorn/testkit/postgres';
import sql from 'sql-template-tag';
import { DAY_MS, keyAt } from '../src/store/keys.ts';
import { removeOldEvents } from '../src/store/operations/retention.ts';
import { cancelWaiting, hastenWaiting } from '../src/store/operations/waiting.ts';
import { onceConnected, txOf } from '../src/store/postgres/database.ts';
import { createDays } from '../src/store/postgres/days.ts';
import { openPostgresStore } from '../src/store/postgres/open.ts';
import { Connection } from '../src/store/sqlite/connection.ts';
import { openSqliteStore } from '../src/store/sqlite/open.ts';
import type { Store } from '../src/store/store.ts';
import type { OperationContext } from '../src/store/tx.ts';
import { sampleRequest, sampleSettlement, sampleWebhook } from '../test/samples.ts';
import { fill } from './filled.ts';

const [engine = 'both'] = process.argv.slice(2);
const WEBHOOK = 1;
/** Deliveries per day on PostgreSQL. */
const PER_DAY = 50_000;
/** As upkeep rests between slices. */
const REST_MS = 20;

if (engine !== 'postgres') await onSqlite();
if (engine !== 'sqlite') await onPostgres();

async function onSqlite(): Promise<void> {
  for (const bodyBytes of [0, 1024, 16 * 1024]) {
    const dataDir = mkdtempSync(join(tmpdir(), 'posthorn-retention-'));
    await (await openSqliteStore({ dataDir })).close();
    const db = new Connection(join(dataDir, 'posthorn.db'));
    const now = Date.now();
    db.exec('begin');
    const filling = { ended: 60_000, dead: 30_000, later: 30_000, lanes: 1, duePerLane: 1 };
    await fill(db.tx, filling, WEBHOOK, now);
    await db.tx.run(sql`
      update attempts
      set response_body = ${new Uint8Array(bodyBytes)}
      where rowid % 3 = 0`);
    await db.tx.run(sql`update events set record = ${new Uint8Array(1024)} where key % 3 = 0`);
    db.exec('commit; pragma wal_checkpoint(truncate)');
    let after = 0;
    const slices = {
      retention: async (run: OperationContext) => {
        const { lastKey } = await removeOldEvents(run, { after, before: keyAt(now - DAY_MS) });
        after = lastKey ?? after;
        return lastKey === null ? 0 : 1;
      },
      hasten: (run: OperationContext) => hastenWaiting(run, { webhook: WEBHOOK }),
      cancel: (run: OperationContext) =>
        cancelWaiting(run, {
          webhook: WEBHOOK,
          before: Number.MAX_SAFE_INTEGER,
          reason: 'dropped',
        }),
    };
    for (const [name, slice] of Object.entries(slices)) {
      const held: number[] = [];
      const worked: number[] = [];
      for (let more = 1; more > 0;) {
        const from = performance.now();
        const cpu = process.threadCpuUsage();
        db.exec('begin immediate');
        more = await slice({ tx: db.tx, now });
        db.exec('commit');
        held.push(performance.now() - from);
        const { user, system } = process.threadCpuUsage(cpu);
        worked.push((user + system) / 1000);
      }
      say(`SQLite, answers of ${bodyBytes} bytes, ${name}: ${spread(held)}`);
      say(`  of the processor: ${spread(worked)}`);
    }
    db.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function onPostgres(): Promise<void> {
  const server = await openPostgres({ fsync: true });
  const store = await openPostgresStore(server);
  await store.createWebhook(sampleWebhook());
  const { session } = await store.startSession({ aliveMs: 3_600_000 });
  await onceConnected(server.url, async (client) => {
    const tx = txOf(client);
    const now = Date.now();
    await createDays(tx, now - 31 * DAY_MS, now);
    const filling = { ended: PER_DAY * 30, dead: 0, later: 0, lanes: 1, duePerLane: 1 };
    await fill(tx, filling, WEBHOOK, now);
    // Of each day four hundred events have not ended.
    await client.query(
      `
      update deliveries
      set state = 'due', due_at = 0, ended_at = null, webhook_id = 3
      where key in (
        select d.key
        from generate_series(1, 30) day
        cross join lateral (
          select key
          from deliveries
          where key >= $1::bigint - day * $2::bigint and state = 'delivered'
          order by key
          limit 400
        ) d
      )`,
      [keyAt(now), keyAt(DAY_MS)],
    );
    await client.query('vacuum analyze');
    await client.query('checkpoint');
  });
  const quiet = await load(store, session, () => pause(5000));
  say(`PostgreSQL, nothing dropped: accept ${spread(quiet)}`);
  const took: number[] = [];
  const busy = await load(store, session, async () => {
    for (let day = 28; day > 0; day -= 3) {
      const from = performance.now();
      const { dropped } = await store.turnDays(Date.now() - day * DAY_MS);
      took.push(performance.now() - from);
      say(`  dropped ${dropped.length} days in ${took.at(-1)!.toFixed(0)} ms`);
      await pause(REST_MS * 10);
    }
  });
  say(`PostgreSQL, days dropped: accept ${spread(busy)}`);
  await store.close();
  await server.stop();
}

/** Four who report and settle without a pause until `work` is done; how long each report took. */
async function load(
  store: Store,
  session: number,
  work: () => Promise<unknown>,
): Promise<number[]> {
  const times: number[] = [];
  let isDone = false;
  const records = JSON.stringify({ Id: 1, Text: 'x'.repeat(1000) });
  const reporter = async () => {
    while (!isDone) {
      const from = performance.now();
      const { leased } = await store.acceptEvents({
        session,
        requests: [sampleRequest({ recordEnds: [records.length] })],
        records: new TextEncoder().encode(records),
        fullRoom: 10,
        rooms: new Map(),
      });
      times.push(performance.now() - from);
      await store.settleAttempts({
        session,
        items: leased.key.map((key) => sampleSettlement(WEBHOOK, key)),
        health: [],
        disable: [],
      });
    }
  };
  const reporters = Promise.all(Array.from({ length: 4 }, reporter));
  await work();
  isDone = true;
  await reporters;
  return times;
}

function spread(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor((sorted.length - 1) * part)]!.toFixed(1);
  return `${sorted.length} times, median ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(1)} ms`;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
