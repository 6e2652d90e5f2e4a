import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPostgres, type PostgresServer } from '@posthorn/testkit/postgres';
import { newDataDir, removeDataDir } from '../start.ts';
import { newDatabase } from '../stores.ts';
import { runMove, runServe } from './run.ts';
import { ask, type Dump, dumpPostgres, dumpSqlite, makeStore } from './stores.ts';

/** Three transactions for each of the big tables. */
const EVENTS = 50_000;
const KILLS = 6;

const dataDir = newDataDir();
let postgres: PostgresServer;
let original: Dump;
beforeAll(async () => {
  postgres = await openPostgres();
  await makeStore(dataDir, EVENTS);
  original = dumpSqlite(dataDir);
}, 60_000);
afterAll(async () => {
  await postgres.stop();
  removeDataDir(dataDir);
});

it('a move that is killed at each of its steps goes on, and neither store runs meanwhile', async () => {
  const to = await newDatabase(postgres);
  for (const [point, expected] of [
    ['move:marked', null],
    ['move:begun', { table: null, rows: 0 }],
    ['move:before-commit:2', { table: 'meta' }],
    ['move:after-commit:6', { table: 'events', rows: 40_000 }],
    ['move:before-commit:2', { table: 'events', rows: 50_000 }],
    ['move:after-commit:2', { table: 'deliveries', rows: 40_000 }],
  ] as const) {
    const { code } = await runMove(dataDir, to, { env: { POSTHORN_FAILPOINT: point } });
    expect(code).toBe('SIGKILL');
    const progress = await progressOf(to);
    if (expected) expect(progress, point).toMatchObject(expected);
    else expect(progress, point).toBeNull();
    const old = await runServe(dataDir);
    expect(old.code).toBe(1);
    expect(old.output).toContain('it is being moved to 127.0.0.1:');
    if (!progress) continue;
    const early = await runServe(dataDir, to);
    expect(early.code).toBe(1);
    expect(early.output).toContain('a move into it is not finished');
  }
  const finished = await runMove(dataDir, to, { env: { POSTHORN_FAILPOINT: 'move:finished' } });
  expect(finished.code).toBe('SIGKILL');
  const again = await runMove(dataDir, to);
  expect(again.code).toBe(0);
  expect(again.output).toContain('The store was moved already');
  await expectMoved(to);
}, 180_000);

it('a move that is killed at random moments ends with the same rows', async () => {
  const to = await newDatabase(postgres);
  const dir = newDataDir();
  await makeStore(dir, EVENTS);
  const before = dumpSqlite(dir);
  for (let kills = 0; kills < KILLS; kills++) {
    await runMove(dir, to, { deadlineMs: 300 + Math.random() * 2500 });
  }
  const last = await runMove(dir, to);
  expect(last.code, last.output).toBe(0);
  expect(withoutMarks(await dumpPostgres(to))).toStrictEqual(withoutMarks(before));
  removeDataDir(dir);
}, 120_000);

async function progressOf(to: string): Promise<{ table: string | null; rows: number } | null> {
  return ask(to, async (client) => {
    const { rows: tables } = await client.query(`select to_regclass('meta') as meta`);
    if ((tables[0] as { meta: string | null }).meta === null) return null;
    const { rows } = await client.query(`select value from meta where name = 'moving'`);
    return JSON.parse((rows[0] as { value: string }).value) as { table: string; rows: number };
  });
}

async function expectMoved(to: string): Promise<void> {
  expect(withoutMarks(await dumpPostgres(to))).toStrictEqual(withoutMarks(original));
  // The backup is as it was, apart from its mark.
  expect(withoutMarks(dumpSqlite(dataDir))).toStrictEqual(withoutMarks(original));
}

/** What is copied: all tables but two, and all rows but those that moves and nodes need. */
function withoutMarks(dump: Dump): Dump {
  const copied = Object.entries(dump).filter(([name]) => !/^(migrations|sessions)$/.test(name));
  const isCopied = (row: string) => !/\["name","(moved_to|moved_from|moving|key)"\]/.test(row);
  return Object.fromEntries(copied.map(([name, rows]) => [name, rows.filter(isCopied)]));
}
