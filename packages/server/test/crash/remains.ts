import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { publicIds } from '../../src/store/public-id.ts';
import type { Receipt } from './receivers.ts';

/** What a dead process left in its store. */
export interface Remains {
  /** Receipts of its last life whose attempt it did not live to write down. */
  readonly unsettled: readonly Receipt[];
  /** Those of them whose delivery was not even leased: never to happen. */
  readonly unleased: readonly Receipt[];
}

/**
 * Reads the store of a process that is dead, without changing it: a connection that only reads
 * leaves the log of the last commits to the process that starts next.
 */
export function readRemains(dataDir: string, life: readonly Receipt[]): Remains {
  const db = new DatabaseSync(join(dataDir, 'posthorn.db'), { readOnly: true });
  try {
    return compareWith(db, life);
  } finally {
    db.close();
  }
}

function compareWith(db: DatabaseSync, life: readonly Receipt[]): Remains {
  const ids = idsOf(db);
  const findAttempt = db.prepare('select 1 from attempts where delivery_key = ? and number = ?');
  const findLeased = db.prepare(`select 1 from deliveries where key = ? and state = 'leased'`);
  const unsettled = life.filter(
    ({ webhookId, attempt }) => !findAttempt.get(ids.deliveryKey(webhookId)!, attempt),
  );
  return {
    unsettled,
    unleased: unsettled.filter(({ webhookId }) => !findLeased.get(ids.deliveryKey(webhookId)!)),
  };
}

/** What SQLite itself says of the file: `ok`, or what is wrong with it. */
export function checkIntegrity(dataDir: string): string {
  const db = new DatabaseSync(join(dataDir, 'posthorn.db'), { readOnly: true });
  try {
    return (db.prepare('pragma integrity_check').get() as { integrity_check: string })
      .integrity_check;
  } finally {
    db.close();
  }
}

function idsOf(db: DatabaseSync) {
  const row = db.prepare(`select value from meta where name = 'tag'`).get() as { value: string };
  return publicIds(row.value);
}
