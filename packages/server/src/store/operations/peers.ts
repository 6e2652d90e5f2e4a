import sql, { type Sql } from 'sql-template-tag';

/** A session among those that have not ended; one that died lately counts until it is taken over. */
export interface SessionPeers {
  /** Itself included. */
  readonly nodes: number;
  /** Those that began before it. */
  readonly older: number;
}

/**
 * The columns of {@link SessionPeers}: two scans of as many rows as there are nodes. A session that
 * others ended counts itself all the same.
 */
export function peerColumns(session: number): Sql {
  return sql`
    (select count(*) + 1 from sessions where id <> ${session}) as nodes,
    (select count(*) from sessions where id < ${session}) as older`;
}
