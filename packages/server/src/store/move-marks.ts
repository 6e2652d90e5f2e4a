import sql from 'sql-template-tag';
import type { Tx } from './tx.ts';

/**
 * What two stores say of a move from one to the other, in rows of `meta`, so that neither is used
 * by mistake: the old one carries a mark from the first copied row on, the new one until the last.
 */

/** In the old store: where it went. It stays when the move is over. */
export const MOVED_TO = 'moved_to';
/** In the new store, while it is not whole: how far the move is. */
export const MOVING = 'moving';
/** In the new store, when it is whole: the id of the move that made it. */
export const MOVED_FROM = 'moved_from';

export interface MoveMark {
  /** Drawn once per move: a target with a part of another move is not ours to go on with. */
  readonly id: string;
  /** Host, port and name of the database: `db.internal:5432/posthorn`. */
  readonly to: string;
  readonly startedAt: number;
  /** Null while the move is under way or interrupted. */
  readonly finishedAt: number | null;
}

export async function readMoveMark(tx: Tx): Promise<MoveMark | undefined> {
  const row = await tx.first<{ value: string }>(
    sql`select value from meta where name = ${MOVED_TO}`,
  );
  return row && (JSON.parse(row.value) as MoveMark);
}

export async function writeMoveMark(tx: Tx, mark: MoveMark): Promise<void> {
  await tx.run(sql`
    insert into meta (name, value)
    values (${MOVED_TO}, ${JSON.stringify(mark)})
    on conflict (name) do update set value = excluded.value`);
}

export async function removeMoveMark(tx: Tx): Promise<void> {
  await tx.run(sql`delete from meta where name = ${MOVED_TO}`);
}

/** Throws a sentence for people if this store was moved away, wholly or in part. */
export async function refuseMovedAway(tx: Tx): Promise<void> {
  const mark = await readMoveMark(tx);
  if (!mark) return;
  throw new Error(
    mark.finishedAt === null
      ? `it is being moved to ${mark.to}: finish that with \`posthorn-server move\`, or give it up with \`posthorn-server reopen\``
      : `it was moved to ${mark.to}: start with POSTHORN_DATABASE_URL, or return to this store with \`posthorn-server reopen\``,
  );
}

/** Throws a sentence for people while this store holds a part of another one. */
export async function refuseUnfinishedMove(tx: Tx): Promise<void> {
  const row = await tx.first(sql`select value from meta where name = ${MOVING}`);
  if (row)
    throw new Error(
      'a move into it is not finished: run the same `posthorn-server move` again, which goes on where it stopped',
    );
}
