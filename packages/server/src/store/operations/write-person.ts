import sql from 'sql-template-tag';
import type { OperationContext, Tx } from '../tx.ts';
import type { Who } from '../who.ts';
import { nextNumber } from './counters.ts';
import { forgiveGuesses } from './guesses.ts';
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

/** What a person proved when they signed in: it must still hold when it is written down. */
export interface Proof {
  /** The hash that their password was compared with. */
  readonly password: string;
  /** The step of their code; null: they have no second factor. */
  readonly totpStep: number | null;
}

/**
 * Writes down that a person signed in, and forgets the guesses. False: the password or the second
 * factor was changed meanwhile, the code was used before, or the person is gone.
 */
export async function acceptProof(
  context: OperationContext,
  input: {
    person: number;
    proof: Proof;
    /** The same password, hashed as it is done today; null: it is already. */
    rehashed: string | null;
    /** What guesses are counted under: those of the email are forgotten, of the network this one. */
    guesses: { email: string; network: string };
  },
): Promise<boolean> {
  const { tx, now } = context;
  const { person, proof, rehashed, guesses } = input;
  const changed = await tx.run(sql`
    update people
    set signed_in_at = ${now}, password = ${rehashed ?? proof.password},
      totp_step = ${proof.totpStep}
    where id = ${person} and password = ${proof.password}
      and ${proof.totpStep === null ? sql`totp_step is null` : sql`totp_step < ${proof.totpStep}`}`);
  if (changed === 0) return false;
  await tx.run(sql`delete from guesses where name = ${guesses.email}`);
  await forgiveGuesses(context, { names: [guesses.network] });
  return true;
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

/** All of a person, with the tokens of their API clients; returns how many sessions there were. */
export async function endSessions(tx: Tx, person: number): Promise<number> {
  await tx.run(sql`delete from person_tokens where person_id = ${person}`);
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
