import sql from 'sql-template-tag';
import type { LeasingContext } from '../postgres/repair.ts';
import type { OperationContext, Tx } from '../tx.ts';
import { claimedDelivery, type ClaimedRow, WITHOUT_RECORD } from './claimed-row.ts';
import type { ClaimBatch, ClaimedBatch, ProbeClaim, ReleaseBatch } from './hot.ts';
import { probeCandidates } from './probes.ts';

/**
 * Leases what is due to the lanes that have room: see `claim.sqlite.ts`. Three statements for
 * all lanes. What another node is claiming this moment is passed over, not waited for. A session that
 * is over gets nothing.
 */
export async function claimDeliveries(
  pipelined: LeasingContext,
  { session, lanes: all }: ClaimBatch,
): Promise<ClaimedBatch> {
  const { tx, leases } = pipelined;
  const now = await pipelined.now;
  const context = { tx, now };
  const lanes = all.filter((lane) => lane.probe === null);
  const webhooks = lanes.map((lane) => lane.webhook);
  // Index deliveries_due (webhook_id, due_at) of the part deliveries_open: one range per lane, in
  // its order, up to its limit. Locks the rows it takes and skips those that are locked. Each
  // lane's rows are found before any is changed (`picked` is used by an update, so it runs once
  // and whole).
  //
  // explain, 16 lanes, 1 M of 2 M due behind another webhook, 40 days:
  //   Nested Loop: 16 times
  //     Limit, LockRows, Index Scan using deliveries_due on deliveries_open (webhook_id = …
  //       and due_at <= …), 10 rows each
  //   Update on deliveries_open: Index Scan using deliveries_open_pkey, once per row
  //   2.6 ms for 160 rows
  const taken = await tx.all<LeasedRow>(sql`
    with picked as materialized (
      select due.key, due.due_at
      from unnest(${webhooks}::bigint[], ${lanes.map((lane) => lane.limit)}::bigint[])
        as l (webhook_id, places)
      join webhooks w on w.id = l.webhook_id and w.active = 1 and w.deleted_at is null
      cross join lateral (
        select d.key, d.due_at
        from deliveries d
        where d.state = 'due' and d.webhook_id = l.webhook_id and d.due_at <= ${now}
        order by d.due_at
        limit l.places
        for update skip locked
      ) due
      where exists (select 1 from sessions where id = ${session} and alive_until > ${now})
    )
    update deliveries d
    set state = 'leased', leased_by = ${session}, due_at = null
    from picked p
    where d.key = p.key and d.state = 'due'
    returning d.key, d.event_key, d.webhook_id, d.attempts, d.failures, d.failing_since,
      d.is_single, d.delivered_at, p.due_at`);
  // Index deliveries_due: the first entry of each lane.
  // explain, 16 lanes: Limit, Index Only Scan using deliveries_due on deliveries_open (webhook_id =
  //   …), 1 row each; 0.1 ms
  const next = await tx.all<{ webhook_id: number; due_at: number | null }>(sql`
    select w.id as webhook_id, (
        select min(d.due_at)
        from deliveries d
        where d.state = 'due' and d.webhook_id = w.id
      ) as due_at
    from webhooks w
    where w.id = any(${webhooks}::bigint[]) and w.active = 1 and w.deleted_at is null`);
  const nextDueAt = new Map<number, number | null>(all.map(({ webhook }) => [webhook, null]));
  for (const { webhook_id, due_at } of next) nextDueAt.set(webhook_id, due_at);
  // In one order on every node, so that none waits for the other in a circle.
  for (const { webhook, probe } of all.toSorted((a, b) => a.webhook - b.webhook)) {
    if (!probe) continue;
    const turn = await turnToProbe(tx, webhook);
    if (turn === 'taken') nextDueAt.set(webhook, now + PROBE_TAKEN_MS);
    if (turn !== 'free') continue;
    taken.push(...(await claimProbe(context, session, webhook, probe)));
    nextDueAt.set(webhook, await nextProbeAt(context, webhook, probe));
  }
  const rows = await withEvents(tx, taken);
  if (rows.length < taken.length) await cancelWithoutRecord(context, session, taken, rows);
  leases.push(...rows.map((row) => row.key));
  const inOrder = rows.toSorted((a, b) => a.due_at - b.due_at || a.key - b.key);
  return { deliveries: inOrder.map(claimedDelivery), nextDueAt };
}

/**
 * Primary key of events. A statement of its own, so that the days it looks at are known when it is
 * planned: joined to the update, it would plan and lock every day that is kept.
 *
 * explain, 160 keys, 40 days: Nested Loop, Index Scan using the primary key of the one day that
 *   they are of; 0.3 ms
 */
async function withEvents(tx: Tx, taken: readonly LeasedRow[]): Promise<DueRow[]> {
  if (taken.length === 0) return [];
  const keys = [...new Set(taken.map((row) => row.event_key))].toSorted((a, b) => a - b);
  const events = await tx.all<EventRow>(sql`
    select e.key, e.action, e.is_test, e.record
    from unnest(${keys}::bigint[]) as k (key)
    join events e on e.key = k.key
    where e.key between ${keys[0]} and ${keys.at(-1)}`);
  const byKey = new Map(events.map((event) => [event.key, event]));
  return taken.flatMap((row) => {
    const event = byKey.get(row.event_key);
    if (!event) return [];
    const { action, is_test, record } = event;
    return { ...row, action, is_test, record };
  });
}

/**
 * What was taken and has no event in the store, which then is damaged: it can never be sent, and
 * its lane would ask for it again and again. Primary key of deliveries_open; guarded by the lease.
 */
async function cancelWithoutRecord(
  { tx, now }: OperationContext,
  session: number,
  taken: readonly LeasedRow[],
  rows: readonly DueRow[],
): Promise<void> {
  const found = new Set(rows.map((row) => row.key));
  const lost = taken.map((row) => row.key).filter((key) => !found.has(key));
  await tx.run(sql`
    update deliveries
    set state = 'cancelled', leased_by = null, ended_at = ${now}, reason = ${WITHOUT_RECORD}
    where key = any(${lost}::bigint[]) and state = 'leased' and leased_by = ${session}`);
}

/** Another node's probe is under way: when to ask again. Calls take less, or up to their deadline. */
const PROBE_TAKEN_MS = 500;

/**
 * Whether a node may probe now: the delivery that was claimed last to probe with is leased no more,
 * be it settled, given back or taken over. Locks the webhook, so that of two nodes the second sees
 * what the first one claimed.
 */
async function turnToProbe(tx: Tx, webhook: number): Promise<'free' | 'taken' | 'off'> {
  const row = await tx.first<{ probe_key: number | null }>(sql`
    select probe_key
    from webhooks
    where id = ${webhook} and active = 1 and deleted_at is null
    for no key update`);
  if (!row) return 'off';
  // Another statement: it sees what was committed while this one waited for the lock.
  const probing = await tx.first(sql`
    select key
    from deliveries
    where key = ${row.probe_key} and state = 'leased'`);
  return probing ? 'taken' : 'free';
}

/** The one delivery that an open lane probes with, if it is due: see `claim.sqlite.ts`. */
async function claimProbe(
  { tx, now }: OperationContext,
  session: number,
  webhook: number,
  probe: ProbeClaim,
): Promise<LeasedRow[]> {
  const candidates = await probeCandidates(tx, webhook, probe);
  const chosen = candidates.find((candidate) => candidate.due_at <= now);
  if (!chosen) return [];
  // Primary key of deliveries_open. Another node may have taken it meanwhile: then nothing is
  // claimed here.
  // explain, 2 M: Index Scan using deliveries_open_pkey on deliveries_open; 0.1 ms
  const claimed = await tx.all<LeasedRow>(sql`
    update deliveries d
    set state = 'leased', leased_by = ${session}, due_at = null
    where d.key = ${chosen.key} and d.state = 'due'
      and exists (select 1 from sessions where id = ${session} and alive_until > ${now})
    returning d.key, d.event_key, d.webhook_id, d.attempts, d.failures, d.failing_since,
      d.is_single, d.delivered_at, ${chosen.due_at}::bigint as due_at`);
  if (claimed.length > 0)
    await tx.run(sql`update webhooks set probe_key = ${chosen.key} where id = ${webhook}`);
  return claimed;
}

async function nextProbeAt(
  { tx }: OperationContext,
  webhook: number,
  probe: ProbeClaim,
): Promise<number | null> {
  const times = (await probeCandidates(tx, webhook, probe)).map((candidate) => candidate.due_at);
  return times.length > 0 ? Math.min(...times) : null;
}

/** Gives leased deliveries back, due at once. Returns how many this session still held. */
export async function releaseDeliveries(
  { tx, now }: OperationContext,
  { session, keys }: ReleaseBatch,
): Promise<number> {
  // Primary key of deliveries_open; guarded by the lease. Both states are named for the same reason
  // as in `settleDeliveries`.
  // explain, 2 M: Index Scan using deliveries_open_pkey (key = any …); 0.4 ms for 10
  return tx.run(sql`
    update deliveries
    set state = 'due', due_at = ${now}, leased_by = null
    where key = any(${keys}::bigint[]) and state in ('due', 'leased') and leased_by = ${session}`);
}

interface DueRow extends ClaimedRow {
  due_at: number;
}

type EventRow = Pick<DueRow, 'action' | 'is_test' | 'record'> & { key: number };
type LeasedRow = Omit<DueRow, 'action' | 'is_test' | 'record'>;
