import type { Connection } from '../sqlite/connection.ts';
import {
  claimedDelivery,
  type ClaimedRow,
  type FoundRow,
  hasRecord,
  WITHOUT_RECORD,
} from './claimed-row.ts';
import type {
  ClaimBatch,
  ClaimedBatch,
  ClaimedDelivery,
  LaneClaim,
  ProbeClaim,
  ReleaseBatch,
} from './hot.ts';
import type { ProbeRow } from './probes.ts';

/**
 * Leases what is due to the lanes that have room, oldest due first, each lane for itself: the
 * cost depends on what is taken, never on what waits behind other webhooks.
 *
 * A webhook that is off or deleted yields nothing and reports that nothing waits; switching it on
 * wakes its lane again.
 *
 * An open lane gets the one delivery that it probes with, if that is due, and is told when the
 * next probe is; `findNextProbes` shows people the same choice.
 */
export function claimDeliveries(db: Connection, batch: ClaimBatch, now: number): ClaimedBatch {
  const deliveries: ClaimedDelivery[] = [];
  const nextDueAt = new Map<number, number | null>();

  for (const lane of batch.lanes) {
    const { webhook } = lane;
    if (!db.prepare(SELECT_ACTIVE_WEBHOOK).get(webhook)) {
      nextDueAt.set(webhook, null);
      continue;
    }
    for (const row of lane.probe ? dueProbe(webhook, lane.probe) : dueDeliveries(lane)) {
      if (hasRecord(row)) {
        db.prepare(LEASE_DUE_DELIVERY).run(batch.session, row.key);
        deliveries.push(claimedDelivery(row));
      } else {
        db.prepare(CANCEL_WITHOUT_RECORD).run(now, WITHOUT_RECORD, row.key);
      }
    }
    nextDueAt.set(webhook, lane.probe ? nextProbeAt(webhook, lane.probe) : nextDue(webhook));
  }
  return { deliveries, nextDueAt };

  function dueDeliveries({ webhook, limit }: LaneClaim): FoundRow<ClaimedRow>[] {
    return db.prepare(SELECT_DUE_DELIVERIES).all(webhook, now, limit) as unknown as ClaimedRow[];
  }

  function nextDue(webhook: number): number | null {
    return (db.prepare(SELECT_NEXT_DUE).get(webhook) as { due_at: number | null }).due_at;
  }

  function dueProbe(webhook: number, probe: ProbeClaim): FoundRow<ClaimedRow>[] {
    const candidates = [another(webhook, probe), bestProbe(webhook, probe)];
    const chosen = candidates.find((candidate) => candidate && candidate.due_at <= now);
    return chosen ? [db.prepare(SELECT_DELIVERY).get(chosen.key) as unknown as ClaimedRow] : [];
  }

  function nextProbeAt(webhook: number, probe: ProbeClaim): number | null {
    const candidates = [another(webhook, probe), bestProbe(webhook, probe)];
    const times = candidates.flatMap((candidate) => candidate?.due_at ?? []);
    return times.length > 0 ? Math.min(...times) : null;
  }

  function another(webhook: number, { besides }: ProbeClaim): ProbeRow | undefined {
    if (besides === null) return undefined;
    return db.prepare(SELECT_EARLIEST_BUT_ONE).get(webhook, besides) as ProbeRow | undefined;
  }

  function bestProbe(webhook: number, { enabledAt }: ProbeClaim): ProbeRow | undefined {
    return (db.prepare(SELECT_PROBE).get(webhook, enabledAt) ??
      db.prepare(SELECT_EARLIEST_BUT_ONE).get(webhook, 0)) as ProbeRow | undefined;
  }
}

/** Gives leased deliveries back, due at once. Returns how many this session still held. */
export function releaseDeliveries(db: Connection, batch: ReleaseBatch, now: number): number {
  let released = 0;
  for (const key of batch.keys) {
    released += Number(db.prepare(RELEASE_LEASED_DELIVERY).run(now, key, batch.session).changes);
  }
  return released;
}

/** Primary key. */
const SELECT_ACTIVE_WEBHOOK = `
  select id
  from webhooks
  where id = ? and active = 1 and deleted_at is null`;

/**
 * Index deliveries_due (webhook_id, due_at): one range of the index, in its order.
 *
 * explain, 1 M of 2 M due behind another webhook:
 *   search d using index deliveries_due (webhook_id=? and due_at<?)
 *   search e using integer primary key (rowid=?)
 */
const SELECT_DUE_DELIVERIES = `
  select d.key, d.event_key, d.webhook_id, e.action, e.is_test, e.record, d.attempts, d.failures,
    d.failing_since, d.is_single, d.delivered_at
  from deliveries d
  left join events e on e.key = d.event_key
  where d.state = 'due'
    and d.webhook_id = ?
    and d.due_at <= ?
  order by d.due_at
  limit ?`;

/**
 * Primary key; of the one delivery that a probe was chosen to be.
 *
 * explain, 2 M: search d, then e, using integer primary key (rowid=?)
 */
const SELECT_DELIVERY = `
  select d.key, d.event_key, d.webhook_id, e.action, e.is_test, e.record, d.attempts, d.failures,
    d.failing_since, d.is_single, d.delivered_at
  from deliveries d
  left join events e on e.key = d.event_key
  where d.key = ?`;

/**
 * Index deliveries_probing, in its order: a call that a person asked for, then the request with
 * the most failures since the webhook was switched on, and of several the oldest. It stays the
 * same one until it succeeds or ends, so that its tenth failure comes by its own schedule.
 *
 * The index is named, because with the statistics of an `analyze` SQLite would take deliveries_due
 * and sort all that waits.
 *
 * explain, 1 M of 2 M due in this lane: search deliveries using index deliveries_probing
 *   (webhook_id=?), without a sort
 */
const SELECT_PROBE = `
  select key, due_at
  from deliveries indexed by deliveries_probing
  where state = 'due' and webhook_id = ? and (failures > 0 or is_single = 1)
    and (is_single = 1 or failing_since >= ?)
  order by is_single desc, failures desc, key
  limit 1`;

/**
 * Index deliveries_due: its first entry of the lane, or its second.
 *
 * explain, 1 M of 2 M due in this lane: search deliveries using covering index deliveries_due
 *   (webhook_id=?)
 */
const SELECT_EARLIEST_BUT_ONE = `
  select key, due_at
  from deliveries
  where state = 'due' and webhook_id = ? and key <> ?
  order by due_at
  limit 1`;

/**
 * Primary key. The claim that found the row runs in the same transaction.
 *
 * explain, 2 M: search deliveries using integer primary key (rowid=?)
 */
const LEASE_DUE_DELIVERY = `
  update deliveries
  set state = 'leased', leased_by = ?, due_at = null
  where key = ? and state = 'due'`;

/** Primary key. */
const CANCEL_WITHOUT_RECORD = `
  update deliveries
  set state = 'cancelled', due_at = null, ended_at = ?, reason = ?
  where key = ? and state = 'due'`;

/**
 * Index deliveries_due: its first entry of the lane.
 *
 * explain, 2 M: search deliveries using covering index deliveries_due (webhook_id=?)
 */
const SELECT_NEXT_DUE = `
  select min(due_at) as due_at
  from deliveries
  where state = 'due' and webhook_id = ?`;

/**
 * Primary key; guarded by the lease.
 *
 * explain, 2 M: search deliveries using integer primary key (rowid=?)
 */
const RELEASE_LEASED_DELIVERY = `
  update deliveries
  set state = 'due', due_at = ?, leased_by = null
  where key = ? and state = 'leased' and leased_by = ?`;
