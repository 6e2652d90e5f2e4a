import sql, { raw } from 'sql-template-tag';
import { dayStart, keyAt, nextDay } from '../keys.ts';
import type { Tx } from '../tx.ts';

/** Names our lock among those of other programs in the same database: "post" and a number. */
const DAYS_LOCK = 0x70_6f_73_74_02;

/**
 * What is kept by day, in the order in which a day is taken away: what accept needs comes last, so
 * that it waits the shortest.
 */
const LOGS = [
  { name: 'attempts', parent: 'attempts', key: 'delivery_key' },
  { name: 'deliveries', parent: 'deliveries_ended', key: 'key' },
  { name: 'events', parent: 'events', key: 'key' },
] as const;

type Log = (typeof LOGS)[number];

/**
 * Makes the partitions of the UTC days from the one of `fromMs` to the one of `toMs`, in the
 * caller's transaction; those that are there stay as they are.
 *
 * Nobody who writes or reads other days waits for it. A day of which the DEFAULT partition holds
 * something already gets none: what is there is found all the same, and leaves in slices.
 */
export async function createDays(tx: Tx, fromMs: number, toMs: number): Promise<void> {
  await lockDays(tx);
  const known = new Set(await listDays(tx));
  for (let day = dayStart(fromMs); day <= toMs; day = nextDay(day)) {
    if (known.has(day) || (await isInDefault(tx, day))) continue;
    for (const log of LOGS) {
      // Attached and not created in place: that locks the DEFAULT partition, but not its parent.
      await tx.run(
        sql`create table ${partition(log, day)} (like ${raw(log.parent)} including all)`,
      );
      await tx.run(sql`
        alter table ${raw(log.parent)} attach partition ${partition(log, day)}
        for values from (${raw(String(keyAt(day)))}) to (${raw(String(keyAt(nextDay(day))))})`);
    }
  }
}

/** The days that have partitions, by their first moments, in order. */
export async function listDays(tx: Tx): Promise<number[]> {
  const rows = await tx.all<{ name: string }>(sql`
    select c.relname as name
    from pg_inherits i
    join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'events'::regclass and c.relname <> 'events_default'
    order by c.relname`);
  return rows.map(({ name }) => Date.parse(name.slice('events_'.length).replaceAll('_', '-')));
}

/** `dropped`: it is gone. `kept`: too much of it has not ended. */
export type DroppedDay = 'dropped' | 'kept';

/**
 * Takes a day away with all that has ended in it, in the caller's transaction. Events of which a
 * delivery has not ended move to the DEFAULT partition with all their deliveries and attempts; a
 * day with more than `keptAtMost` of them stays.
 *
 * Whoever writes the log waits from the locks to the end of the transaction. Each lock is waited
 * for no longer than `LOCK_WAIT`; the transaction fails then (55P03) and nothing is changed.
 */
export async function dropDay(tx: Tx, day: number, keptAtMost: number): Promise<DroppedDay> {
  await lockDays(tx);
  // Before anybody is made to wait, and again when nobody can bring an ended delivery back.
  if (await isMoreKept(tx, day, keptAtMost)) return 'kept';
  await tx.run(sql`set local lock_timeout = ${raw(LOCK_WAIT)}`);
  const [attempts, deliveries, events] = LOGS;
  await tx.run(sql`lock table only ${raw(attempts.parent)} in access exclusive mode`);
  await tx.run(sql`lock table only ${raw(deliveries.parent)} in access exclusive mode`);
  if (await isMoreKept(tx, day, keptAtMost)) return 'kept';
  const kept = await tx.all<{ event_key: number; last: number }>(sql`
    select e.key as event_key, e.key + e.deliveries as last
    from ${partition(events, day)} e
    where e.key in (${keptEvents(day)})`);
  for (const log of LOGS) {
    await tx.run(sql`
      alter table ${raw(log.parent)} detach partition ${partition(log, day)}`);
    if (kept.length > 0) {
      await tx.run(sql`
        insert into ${raw(log.parent)}
        select l.*
        from unnest(
          ${kept.map((event) => event.event_key)}::bigint[],
          ${kept.map((event) => event.last)}::bigint[]
        ) as k (event_key, last)
        join ${partition(log, day)} l
          on l.${raw(log.key)} >= k.event_key and l.${raw(log.key)} <= k.last`);
    }
    await tx.run(sql`drop table ${partition(log, day)}`);
  }
  return 'dropped';
}

/**
 * How long whoever writes may stand behind us while we wait for a lock: below the second after
 * which PostgreSQL looks for deadlocks, so that of two it is we who give up.
 */
const LOCK_WAIT = `'100ms'`;

/** One node at a time makes or drops days. */
async function lockDays(tx: Tx): Promise<void> {
  await tx.all(sql`select pg_advisory_xact_lock(${DAYS_LOCK})`);
}

/** Primary key of each DEFAULT partition. */
async function isInDefault(tx: Tx, day: number): Promise<boolean> {
  for (const { name, key } of LOGS) {
    const found = await tx.first(sql`
      select 1
      from ${raw(`${name}_default`)}
      where ${raw(key)} >= ${keyAt(day)} and ${raw(key)} < ${keyAt(nextDay(day))}
      limit 1`);
    if (found) return true;
  }
  return false;
}

async function isMoreKept(tx: Tx, day: number, keptAtMost: number): Promise<boolean> {
  const row = await tx.first<{ n: number }>(sql`
    select count(*)::integer as n
    from (${keptEvents(day)} limit ${keptAtMost + 1}) kept`);
  return row!.n > keptAtMost;
}

/** Primary key of deliveries_open: events and their deliveries are of one day. */
function keptEvents(day: number) {
  return sql`
    select distinct event_key
    from deliveries_open
    where key >= ${keyAt(day)} and key < ${keyAt(nextDay(day))}`;
}

function partition({ name }: Log, day: number) {
  const date = new Date(day).toISOString().slice(0, 10).replaceAll('-', '_');
  return raw(`${name}_${date}`);
}
