import sql from 'sql-template-tag';
import type { Tx } from '../tx.ts';

/** A session among those that have not ended; one that died lately counts until it is taken over. */
export interface SessionPeers {
  /** Itself included. */
  readonly nodes: number;
  /** Those that began before it. */
  readonly older: number;
}

/** A scan of as many rows as there are nodes. One that others ended counts itself all the same. */
export async function peersOf(tx: Tx, session: number): Promise<SessionPeers> {
  const row = await tx.first<SessionPeers>(sql`
    select count(*) + 1 as nodes, count(case when id < ${session} then 1 end) as older
    from sessions
    where id <> ${session}`);
  return row!;
}
