import sql, { empty, join } from 'sql-template-tag';
import { andAt, type Bounds, UNBOUNDED } from '../bounds.ts';
import { keyAt } from '../keys.ts';
import type { OperationContext } from '../tx.ts';

/** One action that took place. Its time is in its key. */
export interface StoredEvent {
  readonly key: number;
  readonly action: number;
  readonly location: number | null;
  readonly isTest: boolean;
  readonly deliveries: number;
}

/** An event belongs to a location and to no app. */
export async function getEvent(
  { tx }: OperationContext,
  input: { key: number; bounds?: Bounds },
): Promise<(StoredEvent & { record: Uint8Array }) | undefined> {
  const { locations } = input.bounds ?? UNBOUNDED;
  const row = await tx.first<EventRow & { record: Uint8Array }>(sql`
    select key, action, location_id, is_test, deliveries, record
    from events
    where key = ${input.key}
      ${andAt('location_id', locations)}`);
  return row && { ...storedEvent(row), record: row.record };
}

/** Newest first, keys below `before`. Served by the primary key: a time is a key. */
export async function listEvents(
  { tx }: OperationContext,
  input: {
    before: number;
    limit: number;
    bounds?: Bounds;
    action?: number | undefined;
    location?: number | undefined;
    from?: number | undefined;
    to?: number | undefined;
  },
): Promise<StoredEvent[]> {
  const { locations } = input.bounds ?? UNBOUNDED;
  const rows = await tx.all<EventRow>(sql`
    select key, action, location_id, is_test, deliveries
    from events
    where key < ${Math.min(input.before, input.to === undefined ? Infinity : keyAt(input.to))}
      ${input.from === undefined ? empty : sql`and key >= ${keyAt(input.from)}`}
      ${input.action === undefined ? empty : sql`and action = ${input.action}`}
      ${input.location === undefined ? empty : sql`and location_id = ${input.location}`}
      ${andAt('location_id', locations)}
    order by key desc
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
      ${andAt('location_id', bounds.locations)}`);
  return rows.map(storedEvent);
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
