import sql from 'sql-template-tag';
import type { OperationContext } from '../tx.ts';
import { type AuditNote, writeAudit } from './write-audit.ts';

/** How often something was tried under a name, and since when. */
export interface GuessCount {
  readonly tried: number;
  readonly since: number;
}

/**
 * Counts a try under each of these names, before it is looked at: of many at once none slips
 * through. A count lasts for `windowMs` from its first try. Returns the counts with this one.
 */
export async function countGuesses(
  { tx, now }: OperationContext,
  { names, windowMs }: { names: readonly string[]; windowMs: number },
): Promise<GuessCount[]> {
  const over = now - windowMs;
  const counts: GuessCount[] = [];
  // In one order, so that two of them wait for each other and never both.
  for (const name of names) {
    const count = await tx.first<GuessCount>(sql`
      insert into guesses (name, tried, since)
      values (${name}, 1, ${now})
      on conflict (name) do update
      set tried = case when guesses.since <= ${over} then 1 else guesses.tried + 1 end,
        since = case when guesses.since <= ${over} then ${now} else guesses.since end
      returning tried, since`);
    counts.push(count!);
  }
  return counts;
}

/** Takes a try back that was right, or was not looked at. */
export async function forgiveGuesses(
  { tx }: OperationContext,
  { names }: { names: readonly string[] },
): Promise<void> {
  for (const name of names) {
    await tx.run(sql`update guesses set tried = tried - 1 where name = ${name} and tried > 0`);
  }
}

/** Somebody was not let in. Who it was is not known, nor whether there is such a person. */
export async function noteRefusedSignIn(
  context: OperationContext,
  { address, details = {} }: { address: string; details?: AuditNote['details'] },
): Promise<void> {
  await writeAudit(context, {
    by: { kind: 'unknown', id: 'unknown', name: 'unknown', address },
    what: 'sign-in.refused',
    subject: null,
    details,
  });
}
