import sql from 'sql-template-tag';
import { Conflict } from '../errors.ts';
import type { OperationContext, Tx } from '../tx.ts';

/** Events that a slice looks at. */
const LOOKED_AT = 100;
/** Events, deliveries and attempts that a slice removes: some milliseconds of the writer's time. */
const ROWS = 200;
/** Bytes of records and answers that a slice removes: SQLite frees them page by page. */
const BYTES = 512 * 1024;

export interface RemovedSlice {
  /** Where the next slice begins; null: the span is done. */
  readonly lastKey: number | null;
  /** Events that are gone. */
  readonly removed: number;
}

/**
 * Removes a slice of what has keys from `after` to `before`: deliveries with their attempts, and
 * events whose last delivery went. Events with a delivery that has not ended stay whole. An event
 * with more than a slice takes leaves in several, itself last.
 */
export async function removeOldEvents(
  { tx }: OperationContext,
  input: { after: number; before: number },
): Promise<RemovedSlice> {
  const events = await oldEvents(tx, input);
  const budget: Budget = { rows: ROWS, bytes: BYTES, isWhole: true };
  let lastKey: number | null = null;
  let removed = 0;
  for (const run of runsOf(events)) {
    const done = run.isKept ? run.events.length : await removeRun(tx, run.events, budget);
    removed += run.isKept ? 0 : done;
    lastKey = run.events[done - 1]?.key ?? lastKey;
    if (done < run.events.length) return { lastKey: lastKey ?? input.after, removed };
  }
  return { lastKey, removed };
}

interface OldEvent {
  readonly key: number;
  /** The key of its last delivery. */
  readonly last: number;
  readonly bytes: number;
  readonly is_kept: number;
}

/**
 * Primary key of events, and for each event that of deliveries; on PostgreSQL of the part
 * deliveries_open alone.
 *
 * explain, 2 M: search e using integer primary key (rowid>? and rowid<?), for each search d using
 *   integer primary key (rowid>? and rowid<?); on PostgreSQL Index Scans of the old days alone, and
 *   Index Scan using deliveries_open_pkey 100 times; 0.2 ms
 */
function oldEvents(tx: Tx, { after, before }: { after: number; before: number }) {
  return tx.all<OldEvent>(sql`
    select e.key, e.key + e.deliveries as last, octet_length(e.record) as bytes,
      case when exists (
        select 1
        from deliveries d
        where d.state in ('due', 'leased') and d.key > e.key and d.key <= e.key + e.deliveries
      ) then 1 else 0 end as is_kept
    from events e
    where e.key > ${after} and e.key < ${before}
    order by e.key
    limit ${LOOKED_AT}`);
}

/** Neighbours that all stay, or that all go: those go by spans of keys, however many they are. */
function runsOf(events: readonly OldEvent[]): { isKept: boolean; events: OldEvent[] }[] {
  const runs: { isKept: boolean; events: OldEvent[] }[] = [];
  for (const event of events) {
    const isKept = event.is_kept === 1;
    const run = runs.at(-1);
    if (run?.isKept === isKept) run.events.push(event);
    else runs.push({ isKept, events: [event] });
  }
  return runs;
}

/** What a slice may still remove. */
interface Budget {
  rows: number;
  bytes: number;
  isWhole: boolean;
}

/** False: it is too much. What comes first in a slice goes whatever its size, or it never would. */
function spend(budget: Budget, rows: number, bytes: number): boolean {
  if (!budget.isWhole && (budget.rows < rows || budget.bytes < bytes)) return false;
  budget.rows -= rows;
  budget.bytes -= bytes;
  budget.isWhole = false;
  return true;
}

/**
 * Returns how many events of the run are gone with all that is theirs.
 *
 * On PostgreSQL somebody may resend one of these deliveries just now. What was resent since the events
 * were looked at is not final any more, so it is not deleted, but found afterwards: nothing of the slice
 * is removed then. Whoever comes after the deliveries are deleted waits for this transaction, and finds
 * nothing to resend.
 */
async function removeRun(tx: Tx, events: readonly OldEvent[], budget: Budget): Promise<number> {
  const first = events[0]!.key;
  const limit = Math.max(0, budget.rows);
  const deliveries = await deliveriesBetween(tx, first, events.at(-1)!.last, limit);
  let gone = 0;
  let cut = first;
  for (const event of events) {
    if (!takeDeliveriesOf(event) || !spend(budget, 1, event.bytes)) break;
    cut = event.last;
    gone++;
  }
  await tx.run(sql`
    delete from deliveries
    where key > ${first} and key <= ${cut} and state in ('delivered', 'failed', 'cancelled')`);
  const waiting = await tx.first(sql`
    select key
    from deliveries
    where state in ('due', 'leased') and key > ${first} and key <= ${cut}
    limit 1`);
  if (waiting) throw new Conflict('a delivery was resent while it was removed');
  await tx.run(sql`delete from attempts where delivery_key > ${first} and delivery_key <= ${cut}`);
  if (gone > 0) {
    const lastGone = events[gone - 1]!.key;
    await tx.run(sql`delete from events where key >= ${first} and key <= ${lastGone}`);
  }
  return gone;

  /** False: they do not all fit. Of those beyond the limit nothing is known; no row is left then. */
  function takeDeliveriesOf({ last }: OldEvent): boolean {
    for (let next = deliveries[0]; next && next.key <= last; next = deliveries[0]) {
      if (!spend(budget, 1 + next.attempts, next.bytes)) return false;
      cut = next.key;
      deliveries.shift();
    }
    return true;
  }
}

/** Primary keys of deliveries and attempts. The lengths are read from the rows, not the bytes. */
function deliveriesBetween(tx: Tx, after: number, last: number, limit: number) {
  return tx.all<{ key: number; attempts: number; bytes: number }>(sql`
    select d.key, count(a.number) as attempts,
      coalesce(sum(
        octet_length(a.request_headers) + coalesce(octet_length(a.response_headers), 0)
          + coalesce(octet_length(a.response_body), 0)
      ), 0) as bytes
    from deliveries d
    left join attempts a
      on a.delivery_key = d.key and a.delivery_key > ${after} and a.delivery_key <= ${last}
    where d.key > ${after} and d.key <= ${last}
    group by d.key
    order by d.key
    limit ${limit}`);
}
