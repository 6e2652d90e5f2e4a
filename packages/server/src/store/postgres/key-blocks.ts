import { performance } from 'node:perf_hooks';
import sql from 'sql-template-tag';
import { keyAt, withinOneDay } from '../keys.ts';
import type { Tx } from '../tx.ts';
import type { Database } from './database.ts';

/** Keys taken at once: two milliseconds' worth; at full rate a node takes some blocks a second. */
const BLOCK = 4096;
/** A block that is older is left: its keys would carry a time that is past. */
const BLOCK_MS = 1000;

/** Makes the counter, above every key that the store holds, if it is not there yet. */
export async function startKeys(tx: Tx): Promise<void> {
  await tx.run(sql`
    insert into counters (name, value)
    select 'key', greatest(
      (select coalesce(max(key), 0) from events),
      (select coalesce(max(key), 0) from deliveries)
    ) + 1
    on conflict (name) do nothing`);
}

/**
 * Growing keys of which no two nodes get the same: each takes blocks from the counter `key` of the
 * store, and hands them out from memory.
 */
export class KeyBlocks {
  readonly #database: Database;
  #next = 0;
  #end = 0;
  #takenAt = -Infinity;
  #last: Promise<number> = Promise.resolve(0);

  /**
   * The database must have connections of its own: who asks for keys holds one already, and ten
   * who hold all of a pool would wait for each other.
   */
  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Reserves `count` consecutive keys of one UTC day and returns the first; one reservation at a
   * time.
   */
  reserve(count: number): Promise<number> {
    const reserved = this.#last.then(() => this.#reserve(count));
    this.#last = reserved.catch(() => 0);
    return reserved;
  }

  async #reserve(count: number): Promise<number> {
    const isOld = performance.now() - this.#takenAt > BLOCK_MS;
    if (isOld) await this.#take(Math.max(BLOCK, count));
    let first = withinOneDay(this.#next, count);
    // A block that a day begins in can be too short behind its beginning; the next one is not.
    while (first + count > this.#end) {
      await this.#take(Math.max(BLOCK, count));
      first = withinOneDay(this.#next, count);
    }
    this.#next = first + count;
    return first;
  }

  /** In a transaction of its own, so that nobody waits for the one that needs the keys. */
  async #take(count: number): Promise<void> {
    const row = await this.#database.transaction(({ tx, now }) =>
      tx.first<{ end: number }>(sql`
        update counters
        set value = greatest(value, ${keyAt(now)}::bigint) + ${count}::bigint
        where name = 'key'
        returning value as "end"`),
    );
    this.#end = row!.end;
    this.#next = this.#end - count;
    this.#takenAt = performance.now();
  }
}
