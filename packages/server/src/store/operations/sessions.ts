import { randomInt } from 'node:crypto';
import sql, { empty } from 'sql-template-tag';
import { keyAt } from '../keys.ts';
import { refusalOf } from '../schema/version.ts';
import type { OperationContext, Tx } from '../tx.ts';
import type { StoredWebhook } from './webhooks.ts';

/** More than a node usually holds; what is left over is found when these are done with. */
const LEASES_LOOKED_AT = 20_000;

export interface StartedSession {
  readonly session: number;
  /** The store's clock. */
  readonly now: number;
  /** Deliveries that an earlier session held when its process ended; due again. */
  readonly released: number;
  /** Lanes with something waiting, and the earliest due time of each. */
  readonly lanes: readonly WaitingLane[];
  readonly peers: SessionPeers;
}

/** A session among those that have not ended; one that died lately counts until it is taken over. */
export interface SessionPeers {
  /** Itself included. */
  readonly nodes: number;
  /** Those that began before it. */
  readonly older: number;
}

interface WaitingLane {
  readonly webhook: number;
  readonly dueAt: number;
}

/**
 * Begins a node's time with the store. `aliveMs` is how long it counts as alive without a word;
 * null on SQLite, where it is the only process: whatever is leased was left by one that ended.
 * `over`: a session whose process is known to be dead; what it held is due at once.
 */
export async function startSession(
  { tx, now }: OperationContext,
  input: { aliveMs: number | null; over?: { session: number; startedAt: number } | undefined },
): Promise<StartedSession> {
  if (input.over) {
    const { session, startedAt } = input.over;
    await tx.run(sql`delete from sessions where id = ${session} and started_at = ${startedAt}`);
  }
  const session = await addSession(tx, now, now + (input.aliveMs ?? 0));
  const released =
    input.aliveMs === null
      ? await tx.run(sql`
        update deliveries
        set state = 'due', due_at = ${now}, leased_by = null
        where state = 'leased'`)
      : await releaseOrphans(tx, now);
  const peers = input.aliveMs === null ? { nodes: 1, older: 0 } : await peersOf(tx, session);
  return { session, now, released, lanes: await waitingLanes(tx, null), peers };
}

/**
 * Adds a session under a number of its moment that grows with time, drawn by chance within it. A
 * counter would give a number twice after a failover to a standby that lacks the last sessions: two
 * nodes would then keep one session alive, and each take what the other holds for its own.
 */
async function addSession(tx: Tx, now: number, aliveUntil: number): Promise<number> {
  for (;;) {
    const number = randomInt(keyAt(now), keyAt(now + 1));
    const added = await tx.run(sql`
      insert into sessions (id, started_at, alive_until)
      values (${number}, ${now}, ${aliveUntil})
      on conflict (id) do nothing`);
    if (added > 0) return number;
  }
}

/** Says that a node lives. False: its session was ended by others, and its deliveries taken over. */
export async function keepSession(
  { tx, now }: OperationContext,
  input: { session: number; aliveMs: number },
): Promise<boolean> {
  const kept = await tx.run(
    sql`update sessions set alive_until = ${now + input.aliveMs} where id = ${input.session}`,
  );
  return kept > 0;
}

/** Ends a node's own session: what it still holds is due again at the next look of another one. */
export async function endSession(
  { tx }: OperationContext,
  input: { session: number },
): Promise<void> {
  await tx.run(sql`delete from sessions where id = ${input.session}`);
}

/**
 * Ends the sessions that were silent for too long, and makes due what no living session holds.
 * Returns how many deliveries.
 */
export async function takeOver({ tx, now }: OperationContext): Promise<number> {
  await tx.run(sql`delete from sessions where alive_until <= ${now}`);
  return releaseOrphans(tx, now);
}

/** Index deliveries_leased: what the store says a session holds, as far as a node can look through. */
export async function listLeases(
  { tx }: OperationContext,
  input: { session: number },
): Promise<number[]> {
  const rows = await tx.all<{ key: number }>(sql`
    select key
    from deliveries
    where state = 'leased' and leased_by = ${input.session}
    limit ${LEASES_LOOKED_AT}`);
  return rows.map((row) => row.key);
}

/**
 * Whether no living session is older. What one node is to do for all is done by the oldest, and by
 * the next when that one is over; two may think so for as long as one is silent.
 */
export async function isOldestSession(
  { tx, now }: OperationContext,
  input: { session: number },
): Promise<boolean> {
  const older = await tx.first(
    sql`select id from sessions where id < ${input.session} and alive_until > ${now} limit 1`,
  );
  return older === undefined;
}

export interface Look {
  /** The store's clock. */
  readonly now: number;
  /** Grows with every change of settings. */
  readonly settings: number;
  /** Grows whenever a lane opens, closes or is paused by what its receiver did. */
  readonly turns: number;
  /** Why this version of Posthorn cannot work with the store any more, for people. */
  readonly refusal: string | null;
  /** Lanes of webhooks that are on with something due by `until`. */
  readonly lanes: readonly WaitingLane[];
  readonly peers: SessionPeers;
}

/** What other nodes may have brought about since the last look of this session. */
export async function look(
  { tx, now }: OperationContext,
  input: { session: number; aheadMs: number },
): Promise<Look> {
  const row = await tx.first<{ settings: number | null; turns: number | null; oldest: number }>(sql`
    select (select value from counters where name = 'settings') as settings,
      (select value from counters where name = 'turns') as turns,
      (select max(oldest) from migrations) as oldest`);
  return {
    now,
    settings: row!.settings ?? 0,
    turns: row!.turns ?? 0,
    refusal: refusalOf(row!.oldest),
    lanes: await waitingLanes(tx, now + input.aheadMs),
    peers: await peersOf(tx, input.session),
  };
}

/** A scan of as many rows as there are nodes. One that others ended counts itself all the same. */
async function peersOf(tx: Tx, session: number): Promise<SessionPeers> {
  const row = await tx.first<SessionPeers>(sql`
    select count(*) + 1 as nodes, count(case when id < ${session} then 1 end) as older
    from sessions
    where id <> ${session}`);
  return row!;
}

/**
 * Webhooks that people or verdicts changed or deleted, or whose lane turned, since then. A scan: a
 * service has few.
 */
export async function listChangedWebhooks(
  { tx }: OperationContext,
  input: { since: number },
): Promise<number[]> {
  const rows = await tx.all<{ id: number }>(sql`
    select id
    from webhooks
    where updated_at >= ${input.since} or deleted_at >= ${input.since}
      or turned_at >= ${input.since}`);
  return rows.map((row) => row.id);
}

/**
 * Makes due what sessions hold that were ended. One that is only late keeps what it holds: its node
 * would go on with it as soon as it has said that it lives.
 *
 * Index deliveries_leased: one step per session that holds something, then what is to be freed.
 *
 * explain, 2 M: Index Only Scan using deliveries_leased on deliveries_open (leased_by > …), once per
 *   session; on SQLite search using covering index deliveries_leased
 */
async function releaseOrphans(tx: Tx, now: number): Promise<number> {
  const holders = await tx.all<{ leased_by: number }>(sql`
    with recursive holders (leased_by) as (
      select min(leased_by) from deliveries where state = 'leased'
      union all
      select (
        select min(d.leased_by)
        from deliveries d
        where d.state = 'leased' and d.leased_by > holders.leased_by
      )
      from holders
      where holders.leased_by is not null
    )
    select leased_by
    from holders
    where leased_by is not null
      and not exists (select 1 from sessions where id = holders.leased_by)`);
  let released = 0;
  for (const { leased_by } of holders) {
    released += await tx.run(sql`
      update deliveries
      set state = 'due', due_at = ${now}, leased_by = null
      where state = 'leased' and leased_by = ${leased_by}`);
  }
  return released;
}

/**
 * Index deliveries_due: two steps per webhook with something waiting, however much that is. With
 * `until` only what is due by then, of webhooks that are on. `waiting` is materialized, or its steps
 * would be taken again for each condition.
 *
 * explain, 1,001 lanes, 1 M of 2 M deliveries due in one of them:
 *   PostgreSQL: 1,001 times Limit, Index Only Scan using deliveries_due on deliveries_open
 *     (webhook_id > …), as often (webhook_id = …); 7 ms in all
 *   SQLite: search deliveries using covering index deliveries_due, for each step
 */
async function waitingLanes(tx: Tx, until: number | null): Promise<WaitingLane[]> {
  const lanes = await tx.all<{ webhook_id: number; due_at: number }>(sql`
    with recursive lanes (webhook_id) as (
      select min(webhook_id) from deliveries where state = 'due'
      union all
      select (
        select min(d.webhook_id)
        from deliveries d
        where d.state = 'due' and d.webhook_id > lanes.webhook_id
      )
      from lanes
      where lanes.webhook_id is not null
    ),
    waiting (webhook_id, due_at) as materialized (
      select webhook_id, (
          select min(d.due_at)
          from deliveries d
          where d.state = 'due' and d.webhook_id = lanes.webhook_id
        )
      from lanes
      where webhook_id is not null
    )
    select webhook_id, due_at
    from waiting
    where due_at is not null ${
      until === null
        ? empty
        : sql`and due_at <= ${until} and exists (
            select 1
            from webhooks w
            where w.id = waiting.webhook_id and w.active = 1 and w.deleted_at is null
          )`
    }`);
  return lanes.map((lane) => ({ webhook: lane.webhook_id, dueAt: lane.due_at }));
}

/** What a lane must know of its webhook to send. */
export type SendingWebhook = Pick<
  StoredWebhook,
  | 'id'
  | 'url'
  | 'app'
  | 'location'
  | 'active'
  | 'concurrency'
  | 'enabledAt'
  | 'lastTriggerAt'
  | 'errorCount'
  | 'pausedUntil'
>;

/** Also of deleted webhooks, while calls to them are under way; those are not active. */
export async function getSendingWebhook(
  { tx }: OperationContext,
  input: { id: number },
): Promise<SendingWebhook | undefined> {
  const row = await tx.first<{
    id: number;
    url: string;
    app_id: number | null;
    location_id: number | null;
    active: number;
    concurrency: number | null;
    enabled_at: number;
    last_trigger_at: number | null;
    error_count: number;
    paused_until: number | null;
    deleted_at: number | null;
  }>(sql`
    select id, url, app_id, location_id, active, concurrency, enabled_at, last_trigger_at,
      error_count, paused_until, deleted_at
    from webhooks
    where id = ${input.id}`);
  return (
    row && {
      id: row.id,
      url: row.url,
      app: row.app_id,
      location: row.location_id,
      active: row.active === 1 && row.deleted_at === null,
      concurrency: row.concurrency,
      enabledAt: row.enabled_at,
      lastTriggerAt: row.last_trigger_at,
      errorCount: row.error_count,
      pausedUntil: row.paused_until,
    }
  );
}
