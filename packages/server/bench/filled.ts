import sql, { type Sql } from 'sql-template-tag';
import { DAY_MS, keyAt } from '../src/store/keys.ts';
import type { Tx } from '../src/store/tx.ts';

const DAYS = 30;
const RECORD = new TextEncoder().encode(JSON.stringify({ Id: 1, Text: 'x'.repeat(200) }));
/** Keys from one event to the next: its own and that of its one delivery. */
const STRIDE = 2;

/** What a store holds that has been at work for a month; all counts are of deliveries. */
export interface Filling {
  /** Delivered, over thirty days, with an attempt each. */
  readonly ended: number;
  /** Due now, of one webhook: its receiver is dead. */
  readonly dead: number;
  /** Of that webhook too, waiting for a later re-attempt. */
  readonly later: number;
  /** Other webhooks with something due, and how much each; their ids are behind that one's. */
  readonly lanes: number;
  readonly duePerLane: number;
}

/** Fills an empty store; `webhook` is the one with the dead receiver. */
export async function fill(tx: Tx, filling: Filling, webhook: number, now: number): Promise<void> {
  const { ended, dead, later, lanes, duePerLane } = filling;
  for (let day = 1; day <= DAYS; day++) {
    await insertEnded(tx, keyAt(now - day * DAY_MS), Math.ceil(ended / DAYS), webhook, now);
  }
  const deadLane = big(webhook);
  let first = keyAt(now - DAY_MS / 2);
  await insertWaiting(tx, first, dead, deadLane, { failures: 0, dueAt: now, now });
  first += STRIDE * dead;
  await insertWaiting(tx, first, later, deadLane, { failures: 1, dueAt: now + DAY_MS, now });
  first += STRIDE * later;
  const lane = sql`${big(webhook + 1)} + i % ${int(lanes)}`;
  await insertWaiting(tx, first, lanes * duePerLane, lane, { failures: 0, dueAt: now, now });
}

async function insertEnded(tx: Tx, first: number, count: number, webhook: number, now: number) {
  await insertEvents(tx, first, count);
  await tx.run(sql`
    ${numbers(count)}
    insert into deliveries
      (key, event_key, webhook_id, state, attempts, failures, is_single, delivered_at, ended_at)
    select ${big(first + 1)} + ${int(STRIDE)} * i, ${big(first)} + ${int(STRIDE)} * i,
      ${big(webhook + 1)} + i % 100, 'delivered', 1, 0, 0, ${big(now)}, ${big(now)}
    from numbers`);
  await tx.run(sql`
    ${numbers(count)}
    insert into attempts
      (delivery_key, number, started_at, url, request_headers, status, response_truncated, total_ms)
    select ${big(first + 1)} + ${int(STRIDE)} * i, 1, ${big(now)}, 'http://receiver/', '[]', 200,
      0, 1
    from numbers`);
}

async function insertWaiting(
  tx: Tx,
  first: number,
  count: number,
  lane: Sql,
  { failures, dueAt, now }: { failures: number; dueAt: number; now: number },
) {
  if (count === 0) return;
  await insertEvents(tx, first, count);
  await tx.run(sql`
    ${numbers(count)}
    insert into deliveries
      (key, event_key, webhook_id, state, attempts, failures, failing_since, is_single, due_at)
    select ${big(first + 1)} + ${int(STRIDE)} * i, ${big(first)} + ${int(STRIDE)} * i, ${lane},
      'due', ${int(failures)}, ${int(failures)}, ${failures > 0 ? big(now) : sql`null`}, 0,
      ${big(dueAt)} - i % 1000
    from numbers`);
}

async function insertEvents(tx: Tx, first: number, count: number): Promise<void> {
  await tx.run(sql`
    ${numbers(count)}
    insert into events (key, action, is_test, deliveries, record)
    select ${big(first)} + ${int(STRIDE)} * i, 6, 0, 1, ${RECORD}
    from numbers`);
}

/** From 0; neither engine has a series that the other knows. */
function numbers(count: number): Sql {
  return sql`
    with recursive numbers (i) as (
      select 0
      union all
      select i + 1 from numbers where i < ${int(count - 1)}
    )`;
}

const big = (value: number): Sql => sql`cast(${value} as bigint)`;
const int = (value: number): Sql => sql`cast(${value} as integer)`;
