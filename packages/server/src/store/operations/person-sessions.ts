import sql from 'sql-template-tag';
import type { OperationContext, Tx } from '../tx.ts';
import type { Who } from '../who.ts';
import { getPerson } from './people.ts';
import { PERSON_COLUMNS, type PersonRow, type StoredPerson, storedPerson } from './person-row.ts';
import { writeAudit } from './write-audit.ts';
import {
  acceptProof,
  beginSession,
  endSession,
  endSessions,
  holdPerson,
  letIn,
  type Proof,
  removeTotp,
} from './write-person.ts';

/** A person who is signed in; instants are epoch milliseconds. */
export interface StoredPersonSession {
  readonly person: StoredPerson;
  readonly beganAt: number;
  readonly usedAt: number;
}

/** Primary key of person_sessions, then of people. */
export async function findPersonSession(
  { tx }: OperationContext,
  { tokenHash }: { tokenHash: string },
): Promise<StoredPersonSession | undefined> {
  const row = await tx.first<PersonRow & { began_at: number; used_at: number }>(sql`
    select ${PERSON_COLUMNS}, s.began_at, s.used_at
    from person_sessions s
    join people p on p.id = s.person_id
    where s.token_hash = ${tokenHash}`);
  return row && { person: storedPerson(row), beganAt: row.began_at, usedAt: row.used_at };
}

/** Written now and then, not per request. */
export async function touchPersonSession(
  { tx, now }: OperationContext,
  { tokenHash }: { tokenHash: string },
): Promise<void> {
  await tx.run(sql`
    update person_sessions
    set used_at = ${now}
    where token_hash = ${tokenHash} and used_at < ${now}`);
}

/**
 * Begins a session, in the place of the one that the browser had. Null: the password or the second
 * factor was changed meanwhile, the code was used before, or the person is gone.
 */
export async function signIn(
  context: OperationContext,
  input: {
    person: number;
    proof: Proof;
    /** The same password, hashed as it is done today; null: it is already. */
    rehashed: string | null;
    tokenHash: string;
    /** The session that ends; null: there was none. */
    replaces: string | null;
    /** What guesses are counted under: those of the email are forgotten, of the network this one. */
    guesses: { email: string; network: string };
    address: string | null;
  },
): Promise<StoredPerson | null> {
  const { person: id, address } = input;
  if (!(await acceptProof(context, input))) return null;
  const person = (await getPerson(context, { id }))!;
  const { tokenHash, replaces } = input;
  await letIn(context, { person: id, name: person.name, tokenHash, replaces, address });
  return person;
}

/** Ends this session, or (`null`) all of the person's. Returns how many there were. */
export async function signOut(
  context: OperationContext,
  { person, tokenHash, by }: { person: number; tokenHash: string | null; by: Who },
): Promise<number> {
  const { tx } = context;
  await holdPerson(tx, person);
  const ended =
    tokenHash === null ? await endSessions(tx, person) : await endSession(tx, tokenHash);
  if (ended > 0) {
    const details = { sessions: ended };
    await writeAudit(context, {
      by,
      what: 'person.signed-out',
      subject: `person:${person}`,
      details,
    });
  }
  return ended;
}

/** Somebody who changes how they sign in: all their sessions end, and this one gets another token. */
interface Renewal {
  readonly person: number;
  /** The hashes of the token until now, and of the one from now on. */
  readonly session: string;
  readonly tokenHash: string;
  readonly by: Who;
}

/** Another password. False: it was changed meanwhile, or this session has ended. */
export async function changePassword(
  context: OperationContext,
  input: Renewal & { from: string; to: string },
): Promise<boolean> {
  const { tx, now } = context;
  const { person, from, to, by } = input;
  if (!(await holdSession(tx, input))) return false;
  const changed = await tx.run(sql`
    update people
    set password = ${to}, updated_at = ${now}
    where id = ${person} and password = ${from}`);
  if (changed === 0) return false;
  await tx.run(sql`delete from links where person_id = ${person}`);
  await writeAudit(context, { by, what: 'password.changed', subject: `person:${person}` });
  await renewSession(context, input);
  return true;
}

/** A secret for codes, good for nothing until a code was made with it. Replaces the last such. */
export async function proposeTotp(
  { tx, now }: OperationContext,
  { person, keyId, sealed }: { person: number; keyId: string; sealed: Uint8Array },
): Promise<void> {
  await tx.run(sql`
    insert into secrets (scope, slot, key_id, sealed, set_at)
    values (${`totp-new:${person}`}, 'current', ${keyId}, ${sealed}, ${now})
    on conflict (scope, slot) do update
    set key_id = excluded.key_id, sealed = excluded.sealed, set_at = excluded.set_at`);
}

/**
 * From now on signing in wants a code as well; the one of `step` is used. False: there is a second
 * factor already, nothing was proposed, there is no password, and so no first factor beside which a
 * code could be, or this session has ended.
 */
export async function startTotp(
  context: OperationContext,
  input: Renewal & { step: number; keyId: string; sealed: Uint8Array },
): Promise<boolean> {
  const { tx, now } = context;
  const { person, step, keyId, sealed, by } = input;
  if (!(await holdSession(tx, input))) return false;
  const proposed = await tx.run(sql`delete from secrets where scope = ${`totp-new:${person}`}`);
  if (proposed === 0) return false;
  const changed = await tx.run(sql`
    update people
    set totp_step = ${step}
    where id = ${person} and totp_step is null and password is not null`);
  if (changed === 0) return false;
  await tx.run(sql`
    insert into secrets (scope, slot, key_id, sealed, set_at)
    values (${`totp:${person}`}, 'current', ${keyId}, ${sealed}, ${now})`);
  await writeAudit(context, { by, what: 'totp.on', subject: `person:${person}` });
  await renewSession(context, input);
  return true;
}

/** Signing in wants no code any more. False: this session has ended. */
export async function stopTotp(context: OperationContext, input: Renewal): Promise<boolean> {
  if (!(await holdSession(context.tx, input))) return false;
  await removeTotp(context, input);
  await renewSession(context, input);
  return true;
}

/**
 * Sessions, links and guesses that are over. Until then they are not used either, whether they are
 * still there or not.
 */
export async function removeEndedSignIns(
  { tx, now }: OperationContext,
  input: { idleMs: number; lifeMs: number; guessesMs: number },
): Promise<void> {
  await tx.run(sql`
    delete from person_sessions
    where used_at <= ${now - input.idleMs} or began_at <= ${now - input.lifeMs}`);
  await tx.run(sql`delete from links where ends_at <= ${now}`);
  await tx.run(sql`delete from person_tokens where ends_at <= ${now}`);
  await tx.run(sql`delete from guesses where since <= ${now - input.guessesMs}`);
}

/** Whether this session goes on; then it does until the transaction is over. */
async function holdSession(tx: Tx, { person, session }: Renewal): Promise<boolean> {
  await holdPerson(tx, person);
  const found = await tx.first(sql`
    select person_id from person_sessions where token_hash = ${session} and person_id = ${person}`);
  return found !== undefined;
}

async function renewSession(
  context: OperationContext,
  { person, tokenHash }: Renewal,
): Promise<void> {
  await endSessions(context.tx, person);
  await beginSession(context, person, tokenHash);
}
