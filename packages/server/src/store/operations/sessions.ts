import { randomInt } from 'node:crypto';
import sql from 'sql-template-tag';
import { keyAt } from '../keys.ts';
import type { OperationContext, Tx } from '../tx.ts';
import { peerColumns, type SessionPeers } from './peers.ts';
import { type WaitingLane, waitingLanes } from './waiting-lanes.ts';

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

/** On SQLite, where the sessions before stay in the store. */
const ALONE: SessionPeers = { nodes: 1, older: 0 };

/**
 * Begins a node's time with the store. `aliveMs` is how long it counts as alive without a word;
 * null on SQLite, where it is the only process: whatever is leased was left by one that ended.
 * `over`: a session whose process is known to be dead; what it held is due at once.
 */
export async function startSession(
  { tx, now }: OperationContext,
  input: { aliveMs: number | null; over?: number | undefined },
): Promise<StartedSession> {
  if (input.over !== undefined) await tx.run(sql`delete from sessions where id = ${input.over}`);
  const session = await addSession(tx, now, now + (input.aliveMs ?? 0));
  const released =
    input.aliveMs === null
      ? await tx.run(sql`
        update deliveries
        set state = 'due', due_at = ${now}, leased_by = null
        where state = 'leased'`)
      : await releaseOrphans(tx, now);
  const peers = await tx.first<SessionPeers>(sql`select ${peerColumns(session)}`);
  const lanes = await waitingLanes(tx, null);
  return { session, now, released, lanes, peers: input.aliveMs === null ? ALONE : peers! };
}

/**
 * Adds a session under a number of its moment that grows with time, drawn by chance within it. A counter
 * would give numbers that sessions of another database have, and give some twice after a failover to a
 * standby that lacks the last sessions: two nodes would keep one session alive then, and each take what
 * the other holds for its own.
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
