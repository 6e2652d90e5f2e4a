import sql from 'sql-template-tag';
import type { OperationContext, Tx } from '../tx.ts';
import type { Who } from '../who.ts';
import { nextNumber } from './counters.ts';
import { type PersonInput, writtenLocations } from './person-row.ts';
import { writeAudit } from './write-audit.ts';

/**
 * Makes a person whose email is free, as the caller's transaction made sure, and returns the id.
 * `by` gets it, since the first person makes themselves.
 */
export async function insertPerson(
  context: OperationContext,
  input: PersonInput & { password: string | null },
  by: (id: number) => Who,
): Promise<number> {
  const { tx, now } = context;
  const { name, email, role, locations, password } = input;
  const id = await nextNumber(tx, 'person');
  await tx.run(sql`
    insert into people (id, name, email, role, locations, password, created_at, updated_at)
    values (${id}, ${name}, ${email}, ${role}, ${writtenLocations(locations)}, ${password}, ${now},
      ${now})`);
  await writeAudit(context, {
    by: by(id),
    what: 'person.created',
    subject: `person:${id}`,
    details: { name, role, locations },
  });
  return id;
}

export async function beginSession(
  { tx, now }: OperationContext,
  person: number,
  tokenHash: string,
): Promise<void> {
  await tx.run(sql`
    insert into person_sessions (token_hash, person_id, began_at, used_at)
    values (${tokenHash}, ${person}, ${now}, ${now})`);
}

/** All of a person; returns how many there were. */
export function endSessions(tx: Tx, person: number): Promise<number> {
  return tx.run(sql`delete from person_sessions where person_id = ${person}`);
}

/** Takes the second factor away. */
export async function removeTotp(
  context: OperationContext,
  { person, by }: { person: number; by: Who },
): Promise<void> {
  const { tx } = context;
  await tx.run(sql`update people set totp_step = null where id = ${person}`);
  await tx.run(sql`delete from secrets where scope = ${`totp:${person}`}`);
  await writeAudit(context, { by, what: 'totp.off', subject: `person:${person}` });
}
