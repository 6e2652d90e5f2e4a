import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A file that one living process holds; what it notes there is read by the next that gets it. */
export interface Place {
  /** The session of the process that had the place before, and is dead. */
  readonly left: number | null;
  /** The session of this process. If that cannot be kept, the session ends by its time. */
  note(session: number): void;
  /** Frees the place. Safe to call twice. */
  leave(): void;
}

/** Nodes that share a folder: the workers of one service, and a service or two beside it. */
const PLACES = 128;

/**
 * Takes the first free place of the data folder. The operating system frees a place when its
 * process ends, in whatever way, and not before: so what the place says of a session is about one
 * that nobody works for any more. Null if there is no folder to write to; the session of a node
 * that dies then ends when its time is over, as that of every node does.
 */
export function takePlace(dataDir: string): Place | null {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch {
    return null;
  }
  for (let i = 1; i <= PLACES; i++) {
    const place = tryToTake(join(dataDir, `node-${i}.lock`));
    if (place) return place;
  }
  return null;
}

function tryToTake(file: string): Place | null {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file);
    // The lock is kept after the commit. What the power takes with it needs no place.
    db.exec(`
      pragma locking_mode = exclusive;
      pragma journal_mode = delete;
      pragma synchronous = off;
      begin exclusive;
      create table if not exists left_by (session integer not null);
      commit`);
    return placeIn(db);
  } catch {
    db?.close();
    return null;
  }
}

function placeIn(db: DatabaseSync): Place {
  const row = db.prepare('select session from left_by').get() as { session: number } | undefined;
  return {
    left: row?.session ?? null,
    note(session) {
      try {
        db.exec('begin; delete from left_by');
        db.prepare('insert into left_by (session) values (?)').run(session);
        db.exec('commit');
      } catch {
        if (db.isTransaction) db.exec('rollback');
      }
    },
    leave() {
      if (db.isOpen) db.close();
    },
  };
}
