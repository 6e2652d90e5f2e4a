import sql from 'sql-template-tag';
import { refusalOf } from '../schema/version.ts';
import type { OperationContext } from '../tx.ts';
import { peerColumns, type SessionPeers } from './peers.ts';
import { type WaitingLane, waitingLanes } from './waiting-lanes.ts';

export interface Look {
  /** The store's clock. */
  readonly now: number;
  /** Grows with every change of settings. */
  readonly settings: number;
  /** Grows whenever a lane opens, closes or is paused by what its receiver did. */
  readonly turns: number;
  /** Why this version of Posthorn cannot work with the store any more, for people. */
  readonly refusal: string | null;
  /** Lanes of webhooks that are on with something due by `until`. */
  readonly lanes: readonly WaitingLane[];
  readonly peers: SessionPeers;
}

/** What other nodes may have brought about since the last look of this session. */
export async function look(
  { tx, now }: OperationContext,
  input: { session: number; aheadMs: number },
): Promise<Look> {
  // In one statement: the time that a look tells is late by as long as it takes.
  const row = await tx.first<LookRow>(sql`
    select (select value from counters where name = 'settings') as settings,
      (select value from counters where name = 'turns') as turns,
      (select max(oldest) from migrations) as oldest,
      ${peerColumns(input.session)}`);
  const { settings, turns, oldest, nodes, older } = row!;
  return {
    now,
    settings: settings ?? 0,
    turns: turns ?? 0,
    refusal: refusalOf(oldest),
    lanes: await waitingLanes(tx, now + input.aheadMs),
    peers: { nodes, older },
  };
}

interface LookRow extends SessionPeers {
  settings: number | null;
  turns: number | null;
  oldest: number;
}

/**
 * Webhooks that people or verdicts changed or deleted, or whose lane turned, since then. A scan: a
 * service has few.
 */
export async function listChangedWebhooks(
  { tx }: OperationContext,
  input: { since: number },
): Promise<number[]> {
  const rows = await tx.all<{ id: number }>(sql`
    select id
    from webhooks
    where updated_at >= ${input.since} or deleted_at >= ${input.since}
      or turned_at >= ${input.since}`);
  return rows.map((row) => row.id);
}
