import sql from 'sql-template-tag';
import type { OperationContext } from '../tx.ts';

/** For how long a node that listens counts as listening without saying so again. */
const LISTENING_MS = 3000;
/** Longer than a node takes to read what another wrote; then it goes. */
const KEPT_MS = 10_000;

/** What other nodes wrote lately. */
export interface RelayedTidings {
  /** Another node has somebody who listens. */
  readonly isHeard: boolean;
  /** Those of the last seconds, also what was given before: whoever asks remembers the ids. */
  readonly tidings: readonly { readonly id: number; readonly told: string }[];
}

/**
 * Writes down what this node told, for others, and reads what they did. A table of some rows, which
 * is empty while nobody listens.
 */
export async function relayTidings(
  { tx, now }: OperationContext,
  input: { session: number; isListening: boolean; told: string | null },
): Promise<RelayedTidings> {
  const { session, isListening, told } = input;
  if (told !== null) {
    await tx.run(sql`
      insert into tidings (session_id, at, told)
      values (${session}, ${now}, ${told})`);
  }
  if (isListening) {
    await tx.run(sql`
      insert into listening (session_id, until_at)
      values (${session}, ${now + LISTENING_MS})
      on conflict (session_id) do update set until_at = excluded.until_at`);
    await tx.run(sql`delete from listening where until_at < ${now - KEPT_MS}`);
    await tx.run(sql`delete from tidings where at < ${now - KEPT_MS}`);
  }
  const others = await tx.first(sql`
    select session_id
    from listening
    where session_id <> ${session} and until_at > ${now}
    limit 1`);
  return {
    isHeard: others !== undefined,
    tidings: isListening
      ? await tx.all(sql`
          select id, told
          from tidings
          where at > ${now - LISTENING_MS} and session_id <> ${session}
          order by id`)
      : [],
  };
}
