import { setTimeout as pause } from 'node:timers/promises';
import sql from 'sql-template-tag';
import type { OperationContext } from '../tx.ts';
import { type Database, isCommitUnknown, type PipelineContext } from './database.ts';

/** A commit that we gave up waiting for may still happen for this long: the server was frozen. */
const LATE_MS = 30_000;
const LOOK_MS = 1000;

/** A transaction that notes which deliveries it leases. */
export interface LeasingContext extends PipelineContext {
  readonly leases: number[];
}

/**
 * Gives back what nobody holds: deliveries that a transaction leased to this node, or was to give
 * back, whose commit was never answered. If this session still holds them there, they are in no
 * lane, and it lives on.
 *
 * Claims and whatever gives back take turns: a delivery that a claim leased in between would be
 * taken for what a round looks for, given back under its call, and called again.
 */
export function openRepair(database: Database): {
  /** Runs an operation that leases what nobody else knows; if its commit is unknown, it is undone. */
  guarded<T>(session: number, work: (context: LeasingContext) => Promise<T>): Promise<T>;
  /** The same for one that leases what is due. What is unknown by then is clear before it begins. */
  claiming<T>(session: number, work: (context: LeasingContext) => Promise<T>): Promise<T>;
  /** Runs an operation that gives these back; if its commit is unknown, they will be. */
  releasing(
    session: number,
    keys: readonly number[],
    work: (context: OperationContext) => Promise<number>,
  ): Promise<number>;
  stop(): void;
} {
  /** Key → until when to look for it; only what may be inserted late is looked for longer. */
  const unknown = new Map<number, { session: number; until: number }>();
  const stopping = new AbortController();
  let looking: Promise<void> | null = null;
  let turn: Promise<unknown> = Promise.resolve();

  return {
    guarded,
    claiming: (session, work) =>
      inTurn(async () => {
        if (unknown.size > 0) await giveBack();
        return guarded(session, work);
      }),
    releasing: (session, keys, work) =>
      inTurn(async () => {
        try {
          return await database.transaction(work);
        } catch (error) {
          if (!isCommitUnknown(error)) throw error;
          // To try it again would take them from a lane that claimed them meanwhile.
          lookFor(session, keys);
          return keys.length;
        }
      }),
    stop: () => stopping.abort(),
  };

  async function guarded<T>(
    session: number,
    work: (context: LeasingContext) => Promise<T>,
  ): Promise<T> {
    let leases: number[] = [];
    try {
      return await database.pipeline((context) => work({ ...context, leases: (leases = []) }));
    } catch (error) {
      if (isCommitUnknown(error)) lookFor(session, leases);
      throw error;
    }
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = turn.then(work);
    turn = mine.catch(() => {});
    return mine;
  }

  function lookFor(session: number, keys: readonly number[]): void {
    for (const key of keys) unknown.set(key, { session, until: Date.now() + LATE_MS });
    looking ??= look().finally(() => (looking = null));
  }

  async function look(): Promise<void> {
    while (unknown.size > 0 && !stopping.signal.aborted) {
      await pause(LOOK_MS, undefined, { signal: stopping.signal, ref: false }).catch(() => {});
      await inTurn(giveBack).catch(() => {});
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
        const there = rows.map(({ key }) => key);
        await tx.run(sql`
          update deliveries
          set state = 'due', due_at = ${now}, leased_by = null
          where key = any(${there}::bigint[]) and state in ('due', 'leased')
            and leased_by = ${session}`);
        return there;
      });
      for (const key of found) unknown.delete(key);
      for (const [key, { until }] of entries) if (until < Date.now()) unknown.delete(key);
    }
  }
}
