import sql from 'sql-template-tag';
import { failpoint } from '../../telemetry/failpoint.ts';
import type { KeyBlocks } from '../postgres/key-blocks.ts';
import type { LeasingContext } from '../postgres/repair.ts';
import type { Tx } from '../tx.ts';
import { Allowance } from './allowance.ts';
import { Births, type NewDelivery, type Subscriber } from './births.ts';
import type {
  AcceptBatch,
  AcceptedBatch,
  AcceptedEvent,
  AcceptedRequest,
  AcceptRequest,
  Idempotency,
  RefusedRequest,
} from './hot.ts';

/** A request with the keys and subscribers of its events, before it is known to be new. */
interface Planned {
  readonly request: AcceptRequest;
  readonly subscribers: readonly Subscriber[];
  readonly events: readonly AcceptedEvent[];
  /** Not null: it is not kept, and has no events. A known Idempotency-Key gets its answer all the same. */
  readonly refusal: RefusedRequest | null;
}

/**
 * Keeps a batch of events with one delivery per webhook that asked for them: see
 * `accept.sqlite.ts` for what that means. Three statements, whatever the size of the batch, four
 * with Idempotency-Keys.
 *
 * Of two nodes that get the same Idempotency-Key at once, the second waits for the first at the
 * unique constraint and answers with what the first one did. A session that is over leases
 * nothing: its deliveries are born due.
 */
export async function acceptEvents(
  { tx, now: begun, leases, commit }: LeasingContext,
  keys: KeyBlocks,
  batch: AcceptBatch,
): Promise<AcceptedBatch> {
  const { subscribersOf, isAlive } = await findSubscribers(tx, batch);
  const now = await begun;
  const planned = await plan(batch, keys, subscribersOf);
  const requests = await answerRepeated(tx, planned, now);

  const births = new Births(batch, { mayLease: isAlive });
  const events = eventColumns();
  const deliveries = deliveryColumns();

  let start = 0;
  for (const [requestIndex, { request, subscribers, events: accepted }] of planned.entries()) {
    const isNew = requests[requestIndex]!.kind === 'accepted';
    for (const [recordIndex, end] of request.recordEnds.entries()) {
      if (isNew) {
        const [eventKey] = accepted[recordIndex]!;
        pushEvent(events, eventKey, request, subscribers.length, start, end);
        for (let i = 0; i < subscribers.length; i++) {
          const key = eventKey + 1 + i;
          deliver(subscribers[i]!, { key, eventKey, request: requestIndex, record: recordIndex });
        }
      }
      start = end;
    }
  }
  const inserted = insert(tx, events, deliveries, batch, now);
  failpoint('accept:before-commit');
  for (const key of births.leased.key) leases.push(key);
  commit();
  await inserted;
  return { requests, leased: births.leased, woken: births.woken };

  function deliver(subscriber: Subscriber, delivery: NewDelivery): void {
    const isTest = batch.requests[delivery.request]!.testOf !== null;
    deliveries.key.push(delivery.key);
    deliveries.eventKey.push(delivery.eventKey);
    deliveries.webhook.push(subscriber.webhook);
    deliveries.isSingle.push(isTest ? 1 : 0);
    deliveries.isLeased.push(births.lease(subscriber, delivery) ? 1 : 0);
  }
}

/** Who gets what, asked once for all actions and locations of the batch; and whether we are alive. */
async function findSubscribers(
  tx: Tx,
  { requests, session }: AcceptBatch,
): Promise<{ subscribersOf: (request: AcceptRequest) => readonly Subscriber[]; isAlive: boolean }> {
  const wanted = new Map<string, { action: number; location: number }>();
  for (const request of requests) {
    const { action, location } = request;
    if (request.testOf === null) {
      wanted.set(nameOf(request), { action, location: location ?? 0 });
    }
  }
  const pairs = [...wanted.values()];
  // Served by the primary key of subscriptions, as on SQLite. The left join keeps a row that says
  // whether the session is alive when nobody wants anything.
  const rows = await tx.all<{
    is_alive: number;
    pair: number | null;
    webhook: number | null;
    active: number;
  }>(sql`
    select s.is_alive, w.pair, w.webhook, w.active
    from (
      select count(*) as is_alive
      from sessions
      where id = ${session}
        and alive_until > extract(epoch from clock_timestamp()) * 1000
    ) s
    left join (
      select distinct p.pair, w.id as webhook, w.active
      from unnest(
        ${pairs.map((pair) => pair.action)}::integer[],
        ${pairs.map((pair) => pair.location)}::bigint[]
      ) with ordinality as p (action, location_id, pair)
      join subscriptions s
        on s.action in (0, p.action) and s.location_id in (0, p.location_id)
      join webhooks w on w.id = s.webhook_id and w.deleted_at is null
    ) w on true
    order by w.pair, w.webhook`);
  const found = new Map<string, Subscriber[]>([...wanted.keys()].map((name) => [name, []]));
  const names = [...wanted.keys()];
  for (const { pair, webhook, active } of rows) {
    if (pair !== null && webhook !== null)
      found.get(names[pair - 1]!)!.push({ webhook, active: active === 1 });
  }
  return {
    isAlive: rows[0]?.is_alive === 1,
    subscribersOf: (request) =>
      request.testOf === null
        ? found.get(nameOf(request))!
        : [{ webhook: request.testOf, active: true }],
  };
}

function nameOf({ action, location }: AcceptRequest): string {
  return `${action} ${location ?? 0}`;
}

async function plan(
  { requests }: AcceptBatch,
  keys: KeyBlocks,
  subscribersOf: (request: AcceptRequest) => readonly Subscriber[],
): Promise<Planned[]> {
  const allowance = new Allowance();
  const found = requests.map((request) => {
    const subscribers = subscribersOf(request);
    return { request, subscribers, refusal: allowance.refusal(request, subscribers.length) };
  });
  let count = 0;
  for (const { request, subscribers, refusal } of found) {
    if (!refusal) count += request.recordEnds.length * (1 + subscribers.length);
  }
  let next = await keys.reserve(count);
  return found.map(({ request, subscribers, refusal }) => ({
    request,
    subscribers,
    refusal,
    events: (refusal ? [] : request.recordEnds).map((): AcceptedEvent => {
      const key = next;
      next += 1 + subscribers.length;
      return [key, subscribers.length];
    }),
  }));
}

/** The answer to each request; those with a known Idempotency-Key get the earlier one. */
async function answerRepeated(
  tx: Tx,
  planned: readonly Planned[],
  now: number,
): Promise<AcceptedRequest[]> {
  const firstOf = new Map<string, Planned>();
  const refused: Idempotency[] = [];
  for (const one of planned) {
    const { idempotency } = one.request;
    if (!idempotency) continue;
    const name = nameOfKey(idempotency);
    if (one.refusal) refused.push(idempotency);
    else if (!firstOf.has(name)) firstOf.set(name, one);
  }
  const known = await keepIdempotencyKeys(tx, firstOf, refused, now);
  return planned.map((one): AcceptedRequest => {
    const { idempotency } = one.request;
    const answer = one.refusal ?? { kind: 'accepted', events: one.events };
    if (!idempotency) return answer;
    const name = nameOfKey(idempotency);
    const first = firstOf.get(name);
    const earlier = known.get(name);
    if (!earlier && (!first || first === one)) return answer;
    const { hash, events } = earlier ?? {
      hash: first!.request.idempotency!.requestHash,
      events: first!.events,
    };
    return Buffer.compare(hash, idempotency.requestHash) === 0
      ? { kind: 'repeated', events }
      : { kind: 'conflict' };
  });
}

interface EarlierAnswer {
  readonly hash: Uint8Array;
  readonly events: readonly AcceptedEvent[];
}

function nameOfKey({ scope, key }: Pick<Idempotency, 'scope' | 'key'>): string {
  return JSON.stringify([scope, key]);
}

/**
 * Writes the keys of the batch down, in their order, so that two nodes never wait for each other;
 * returns those that were there already, also of those that are `refused` unless they are known.
 */
async function keepIdempotencyKeys(
  tx: Tx,
  firstOf: ReadonlyMap<string, Planned>,
  refused: readonly Idempotency[],
  now: number,
): Promise<Map<string, EarlierAnswer>> {
  const known = new Map<string, EarlierAnswer>();
  if (firstOf.size + refused.length === 0) return known;
  const ordered = [...firstOf].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const fresh = ordered.map(([, { request }]) => request.idempotency!);
  const kept = await tx.run(sql`
    insert into idempotency_keys (scope, idempotency_key, request_hash, events, created_at)
    select scope, idempotency_key, request_hash, events, ${now}
    from unnest(
      ${fresh.map(({ scope }) => scope)}::text[],
      ${fresh.map(({ key }) => key)}::text[],
      ${fresh.map(({ requestHash }) => requestHash)}::bytea[],
      ${ordered.map(([, { events }]) => JSON.stringify(events))}::text[]
    ) as k (scope, idempotency_key, request_hash, events)
    on conflict (scope, idempotency_key) do nothing`);
  if (kept === fresh.length && refused.length === 0) return known;
  const asked = [...fresh, ...refused];
  // Those just kept are among these: their answer is the one of this batch.
  const rows = await tx.all<{
    scope: string;
    idempotency_key: string;
    request_hash: Uint8Array;
    events: string;
  }>(sql`
    select i.scope, i.idempotency_key, i.request_hash, i.events
    from unnest(
      ${asked.map(({ scope }) => scope)}::text[], ${asked.map(({ key }) => key)}::text[]
    ) as k (scope, idempotency_key)
    join idempotency_keys i on i.scope = k.scope and i.idempotency_key = k.idempotency_key`);
  for (const row of rows) {
    const name = nameOfKey({ scope: row.scope, key: row.idempotency_key });
    const events = JSON.parse(row.events) as AcceptedEvent[];
    const isOurs = events[0]?.[0] === firstOf.get(name)?.events[0]?.[0];
    if (!isOurs) known.set(name, { hash: row.request_hash, events });
  }
  return known;
}

function eventColumns() {
  return {
    key: [] as number[],
    action: [] as number[],
    location: [] as (number | null)[],
    isTest: [] as number[],
    deliveries: [] as number[],
    start: [] as number[],
    length: [] as number[],
  };
}

function pushEvent(
  events: ReturnType<typeof eventColumns>,
  key: number,
  { action, location, testOf }: AcceptRequest,
  deliveries: number,
  start: number,
  end: number,
): void {
  events.key.push(key);
  events.action.push(action);
  events.location.push(location);
  events.isTest.push(testOf === null ? 0 : 1);
  events.deliveries.push(deliveries);
  // From 1, as SQL counts.
  events.start.push(start + 1);
  events.length.push(end - start);
}

function deliveryColumns() {
  return {
    key: [] as number[],
    eventKey: [] as number[],
    webhook: [] as number[],
    isSingle: [] as number[],
    isLeased: [] as number[],
  };
}

/**
 * Both tables in one statement: they append to the day's events and to deliveries_open, with the
 * entries in its indexes. All records cross as one byte string, which is cut there: an array
 * of byte strings would cross as text, twice as long.
 */
async function insert(
  tx: Tx,
  events: ReturnType<typeof eventColumns>,
  deliveries: ReturnType<typeof deliveryColumns>,
  { records, session }: AcceptBatch,
  now: number,
): Promise<void> {
  if (events.key.length === 0) return;
  await tx.run(sql`
    with kept as (
      insert into events (key, action, location_id, is_test, deliveries, record)
      select e.key, e.action, e.location_id, e.is_test, e.deliveries,
        substring(${records}::bytea from e.record_start for e.record_length)
      from unnest(
        ${events.key}::bigint[], ${events.action}::integer[], ${events.location}::bigint[],
        ${events.isTest}::integer[], ${events.deliveries}::integer[], ${events.start}::integer[],
        ${events.length}::integer[]
      ) as e (key, action, location_id, is_test, deliveries, record_start, record_length)
    )
    insert into deliveries
      (key, event_key, webhook_id, state, attempts, failures, is_single, leased_by, due_at)
    select d.key, d.event_key, d.webhook_id,
      case when d.is_leased = 1 then 'leased' else 'due' end, 0, 0, d.is_single,
      case when d.is_leased = 1 then ${session}::bigint end,
      case when d.is_leased = 0 then ${now}::bigint end
    from unnest(
      ${deliveries.key}::bigint[], ${deliveries.eventKey}::bigint[],
      ${deliveries.webhook}::bigint[], ${deliveries.isSingle}::integer[],
      ${deliveries.isLeased}::integer[]
    ) as d (key, event_key, webhook_id, is_single, is_leased)`);
}
