import { setTimeout as pause } from 'node:timers/promises';
import sql from 'sql-template-tag';
import { type Database, isCommitUnknown, type PipelineContext } from './database.ts';

/** A commit that we gave up waiting for may still happen for this long: the server was frozen. */
const LATE_MS = 30_000;
const LOOK_MS = 1000;

/** A transaction that notes which deliveries it leases. */
export interface LeasingContext extends PipelineContext {
  readonly leases: number[];
}

/**
 * Gives back what nobody holds: deliveries that a transaction leased to this node whose commit was
 * never answered. If it took place, they are in no lane, and this session lives on.
 */
export function openRepair(database: Database): {
  /** Runs an operation that leases; what is unknown of it afterwards is looked at until it is clear. */
  guarded<T>(session: number, work: (context: LeasingContext) => Promise<T>): Promise<T>;
  /** Before a claim: what is unknown must be clear, or a claim might be taken for it. */
  settled(): Promise<void>;
  stop(): void;
} {
  /** Key → until when to look for it; only what may be inserted late is looked for longer. */
  const unknown = new Map<number, { session: number; until: number }>();
  const stopping = new AbortController();
  let looking: Promise<void> | null = null;

  return {
    async guarded(session, work) {
      let leases: number[] = [];
      try {
        return await database.pipeline((context) => work({ ...context, leases: (leases = []) }));
      } catch (error) {
        if (isCommitUnknown(error)) {
          for (const key of leases) unknown.set(key, { session, until: Date.now() + LATE_MS });
          looking ??= look().finally(() => (looking = null));
        }
        throw error;
      }
    },
    settled: () => (unknown.size > 0 ? giveBack() : Promise.resolve()),
    stop: () => stopping.abort(),
  };

  async function look(): Promise<void> {
    while (unknown.size > 0 && !stopping.signal.aborted) {
      await pause(LOOK_MS, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
      await giveBack().catch(() => {});
    }
  }

  /** Waits for whoever still holds the rows; a row that is there is clear afterwards. */
  async function giveBack(): Promise<void> {
    for (const [session, entries] of Map.groupBy(unknown, ([, { session: one }]) => one)) {
      const keys = entries.map(([key]) => key);
      const found = await database.transaction(async ({ tx, now }) => {
        const rows = await tx.all<{ key: number }>(
          sql`select key from deliveries where key = any(${keys}::bigint[]) order by key for update`,
        );
        await tx.run(sql`
          update deliveries
          set state = 'due', due_at = ${now}, leased_by = null
          where key = any(${keys}::bigint[]) and state in ('due', 'leased')
            and leased_by = ${session}`);
        return rows;
      });
      for (const { key } of found) unknown.delete(key);
      for (const [key, { until }] of entries) if (until < Date.now()) unknown.delete(key);
    }
  }
}
