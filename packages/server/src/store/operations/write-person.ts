import sql from 'sql-template-tag';
import type { OperationContext, Tx } from '../tx.ts';
import type { Who } from '../who.ts';
import { nextNumber } from './counters.ts';
import { forgiveGuesses } from './guesses.ts';
import { type PersonInput, writtenLocations } from './person-row.ts';
import { type AuditNote, writeAudit } from './write-audit.ts';

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

/**
 * Of changes to how a person is signed in, each waits here for those before it. Without that a session or a
 * token that is made anew at the same moment would outlive what ends them all. False: there is no such
 * person.
 */
export async function holdPerson(tx: Tx, person: number): Promise<boolean> {
  const held = await tx.run(sql`update people set updated_at = updated_at where id = ${person}`);
  return held > 0;
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

/**
 * Begins a session in the place of the one that the browser had, and writes down that they signed
 * in.
 */
export async function letIn(
  context: OperationContext,
  input: {
    person: number;
    name: string;
    tokenHash: string;
    /** The session that ends; null: there was none. */
    replaces: string | null;
    address: string | null;
    details?: AuditNote['details'];
  },
): Promise<void> {
  const { tx, now } = context;
  const { person, name, tokenHash, replaces, address, details = {} } = input;
  await tx.run(sql`update people set signed_in_at = ${now} where id = ${person}`);
  if (replaces !== null) await endSession(tx, replaces);
  await beginSession(context, person, tokenHash);
  const by: Who = { kind: 'person', id: String(person), name, address };
  await writeAudit(context, { by, what: 'person.signed-in', subject: `person:${person}`, details });
}

/** Returns how many there were: none or one. */
export function endSession(tx: Tx, tokenHash: string): Promise<number> {
  return tx.run(sql`delete from person_sessions where token_hash = ${tokenHash}`);
}

/** All of a person, with the tokens of their API clients; returns how many sessions there were. */
export async function endSessions(tx: Tx, person: number): Promise<number> {
  await tx.run(sql`delete from person_tokens where person_id = ${person}`);
  return tx.run(sql`delete from person_sessions where person_id = ${person}`);
}

/** Who they are to providers. */
export async function unlinkIdentities(tx: Tx, person: number): Promise<void> {
  await tx.run(sql`delete from identities where person_id = ${person}`);
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
