import sql, { empty, join, type Sql } from 'sql-template-tag';
import { andAt, type Bounds, UNBOUNDED } from '../bounds.ts';
import { keyAt } from '../keys.ts';
import type { OperationContext, Tx } from '../tx.ts';

/** One action that took place. Its time is in its key. */
export interface StoredEvent {
  readonly key: number;
  readonly action: number;
  readonly location: number | null;
  readonly isTest: boolean;
  readonly deliveries: number;
}

/** An event belongs to a location and to no app: an app sees those that its webhooks got. */
export async function getEvent(
  { tx }: OperationContext,
  input: { key: number; bounds?: Bounds },
): Promise<(StoredEvent & { record: Uint8Array }) | undefined> {
  const { app, locations } = input.bounds ?? UNBOUNDED;
  const row = await tx.first<EventRow & { record: Uint8Array }>(sql`
    select key, action, location_id, is_test, deliveries, record
    from events
    where key = ${input.key}
      ${andAt('location_id', locations)}
      ${app === null ? empty : andGotBy(app)}`);
  return row && { ...storedEvent(row), record: row.record };
}

interface EventsInput {
  before: number;
  limit: number;
  bounds?: Bounds;
  action?: number | undefined;
  location?: number | undefined;
  from?: number | undefined;
  to?: number | undefined;
}

/**
 * Newest first, keys below `before`. Served by the primary key: a time is a key; those of an action, or
 * of a location, by an index of their own, or whoever asks for what is rare would read all that is kept.
 *
 * explain, 1 M events of which 3 have the action:
 *   SQLite: search e using index events_by_action (action=? and key<?); 0.4 s before, now 0.1 ms
 *   PostgreSQL: Append, Index Scan Backward using events_by_action of each day; 0.5 s before, now 1 ms
 */
export async function listEvents(
  { tx }: OperationContext,
  input: EventsInput,
): Promise<StoredEvent[]> {
  const keys = await keysOfSeveral(tx, input);
  if (keys?.length === 0) return [];
  const rows = await tx.all<EventRow>(sql`
    select e.key, e.action, e.location_id, e.is_test, e.deliveries
    from events e
    where ${keys === null ? wanted(input) : sql`e.key in (${join(keys)})`}
    order by e.key desc
    limit ${input.limit}`);
  return rows.map(storedEvent);
}

/** Those of these that are there and within bounds, in no order. At most some hundred keys. */
export async function findEvents(
  { tx }: OperationContext,
  { keys, bounds = UNBOUNDED }: { keys: readonly number[]; bounds?: Bounds },
): Promise<StoredEvent[]> {
  if (keys.length === 0) return [];
  const rows = await tx.all<EventRow>(sql`
    select key, action, location_id, is_test, deliveries
    from events
    where key in (${join(keys)})
      ${andAt('location_id', bounds.locations)}
      ${bounds.app === null ? empty : andGotBy(bounds.app)}`);
  return rows.map(storedEvent);
}

/** The condition on the event `e`. */
function wanted({ before, from, to, action, location, bounds = UNBOUNDED }: EventsInput): Sql {
  return sql`e.key < ${Math.min(before, to === undefined ? Infinity : keyAt(to))}
      ${from === undefined ? empty : sql`and e.key >= ${keyAt(from)}`}
      ${action === undefined ? empty : sql`and e.action = ${action}`}
      ${location === undefined ? empty : sql`and e.location_id = ${location}`}
      ${andAt('e.location_id', bounds.locations)}`;
}

/**
 * The newest events of an app, whose webhooks got them, or of several locations; null: of neither. Each
 * webhook or location is asked by itself, and answers from its own index with a page at most: all at
 * once, they would be sorted, or sought among the events of everybody.
 */
async function keysOfSeveral(tx: Tx, input: EventsInput): Promise<number[] | null> {
  const { bounds = UNBOUNDED, location, limit } = input;
  const { app, locations } = bounds;
  const pages: Sql[] = [];
  if (app !== null) {
    const webhooks = await tx.all<{ id: number }>(sql`
      select id from webhooks where app_id = ${app} and deleted_at is null`);
    pages.push(...webhooks.map(({ id }) => gotBy(id, input)));
  } else if (locations !== null && location === undefined) {
    for (const one of locations) {
      const there = wanted({ ...input, location: one, bounds: UNBOUNDED });
      pages.push(sql`select e.key from events e where ${there} order by e.key desc limit ${limit}`);
    }
  } else return null;
  const keys = new Set<number>();
  for (const page of pages)
    for (const { key } of await tx.all<{ key: number }>(page)) keys.add(key);
  return [...keys].toSorted((a, b) => b - a).slice(0, limit);
}

/**
 * Explained with 100,000 deliveries in 31 days: on SQLite a search of deliveries_by_webhook, on PostgreSQL
 * of that of each day, from the newest on, 1.2 ms.
 */
function gotBy(webhook: number, input: EventsInput): Sql {
  return sql`
    select e.key
    from deliveries d
    join events e on e.key = d.event_key
    where d.webhook_id = ${webhook}
      ${andBehind(input)}
      and ${wanted(input)}
    order by d.key desc
    limit ${input.limit}`;
}

/** More than the deliveries of one event have keys. */
const AFTER_MS = 60_000;

/** The deliveries of an event have the keys right behind its own: where those of the wanted ones are. */
function andBehind({ before, from, to }: EventsInput): Sql {
  const end = to === undefined ? before : Math.min(before, keyAt(to + AFTER_MS));
  return sql`and d.key < ${end} ${from === undefined ? empty : sql`and d.key >= ${keyAt(from)}`}`;
}

/** Also by a webhook that is gone by now: its deliveries are in the log. */
function andGotBy(app: number): Sql {
  return sql`and exists (
        select 1
        from deliveries d
        join webhooks w on w.id = d.webhook_id
        where d.key > events.key and d.key <= events.key + events.deliveries
          and w.app_id = ${app}
      )`;
}

interface EventRow {
  key: number;
  action: number;
  location_id: number | null;
  is_test: number;
  deliveries: number;
}

function storedEvent(row: EventRow): StoredEvent {
  return {
    key: row.key,
    action: row.action,
    location: row.location_id,
    isTest: row.is_test === 1,
    deliveries: row.deliveries,
  };
}
