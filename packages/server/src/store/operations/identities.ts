import sql from 'sql-template-tag';
import type { OperationContext } from '../tx.ts';
import { SYSTEM, type Who } from '../who.ts';
import { nextNumber } from './counters.ts';
import { findPerson, getPerson, updatePerson } from './people.ts';
import type { PersonInput, StoredPerson } from './person-row.ts';
import { signOut } from './person-sessions.ts';
import { writeAudit } from './write-audit.ts';
import { insertPerson, letIn } from './write-person.ts';

/** What a provider of OpenID Connect says of somebody. */
export interface ProvidedPerson {
  readonly issuer: string;
  /** The person for ever, among those of the issuer. */
  readonly subject: string;
  /** In lower case; null: the provider does not vouch for one. */
  readonly email: string | null;
  readonly name: string;
  /** What the groups there give; null: nothing. */
  readonly role: Pick<PersonInput, 'role' | 'locations'> | null;
}

/**
 * `unknown`: nobody here, or not any more. `unverified`: not known yet, and there is no email to
 * find somebody by. `second-factor`: they have one here, which a provider does not replace.
 */
export type ProvidedSignIn =
  | { readonly kind: 'signed-in'; readonly person: StoredPerson }
  | { readonly kind: 'unknown' | 'unverified' | 'second-factor' };

interface SignInInput extends ProvidedPerson {
  tokenHash: string;
  /** The session that ends; null: there was none. */
  replaces: string | null;
  address: string | null;
}

/**
 * Signs in who a provider says it is. At their first time they are linked to the person with that
 * email, or made if their groups give a role; from then on the subject alone tells who they are.
 */
export async function signInByProvider(
  context: OperationContext,
  input: SignInInput,
): Promise<ProvidedSignIn> {
  const { tx, now } = context;
  const found = (await findIdentity(context, input)) ?? (await meet(context, input));
  if (typeof found === 'string') return { kind: found };
  const id = found.person;
  if (found.givesRole && !(await followRole(context, id, input))) return { kind: 'unknown' };

  const changed = await tx.run(sql`
    update people set signed_in_at = ${now} where id = ${id} and totp_step is null`);
  if (changed === 0) return { kind: 'second-factor' };
  const person = (await getPerson(context, { id }))!;
  const { tokenHash, replaces, address } = input;
  const details = { by: 'oidc' };
  await letIn(context, { person: id, name: person.name, tokenHash, replaces, address, details });
  return { kind: 'signed-in', person };
}

interface Identity {
  readonly person: number;
  /** Whether the groups at the provider say which role the person has. */
  readonly givesRole: boolean;
}

/** Primary key of identities. */
async function findIdentity(
  { tx }: OperationContext,
  { issuer, subject }: ProvidedPerson,
): Promise<Identity | undefined> {
  const row = await tx.first<{ person_id: number; gives_role: number }>(sql`
    select person_id, gives_role
    from identities
    where issuer = ${issuer} and subject = ${subject}`);
  return row && { person: row.person_id, givesRole: row.gives_role === 1 };
}

/** Somebody who comes from the provider for the first time. */
async function meet(
  context: OperationContext,
  input: SignInInput,
): Promise<Identity | Exclude<ProvidedSignIn['kind'], 'signed-in'>> {
  const { tx } = context;
  const { email, name, role, address } = input;
  if (email === null) return 'unverified';
  // Before anything is read that decides: of two first times at once the second finds the first.
  await nextNumber(tx, 'settings');
  const known = await findIdentity(context, input);
  if (known) return known;
  const person = await findPerson(context, { email });
  if (person) {
    if (person.totpStep !== null) return 'second-factor';
    // An email that the provider gave to somebody else opens nothing.
    if (await hasIdentity(context, person.id, input)) return 'unknown';
    return link(context, person, { ...input, givesRole: false });
  }
  if (role === null) return 'unknown';
  const byThemselves = (id: number): Who => ({ kind: 'person', id: String(id), name, address });
  const id = await insertPerson(context, { name, email, ...role, password: null }, byThemselves);
  return link(context, { id, name }, { ...input, givesRole: true });
}

/** Unique key of identities. */
async function hasIdentity(
  { tx }: OperationContext,
  person: number,
  { issuer }: ProvidedPerson,
): Promise<boolean> {
  const row = await tx.first(sql`
    select person_id from identities where person_id = ${person} and issuer = ${issuer}`);
  return row !== undefined;
}

async function link(
  context: OperationContext,
  { id, name }: Pick<StoredPerson, 'id' | 'name'>,
  { issuer, subject, givesRole, address }: SignInInput & { givesRole: boolean },
): Promise<Identity> {
  const { tx, now } = context;
  await tx.run(sql`
    insert into identities (issuer, subject, person_id, gives_role, linked_at)
    values (${issuer}, ${subject}, ${id}, ${givesRole ? 1 : 0}, ${now})`);
  await writeAudit(context, {
    by: { kind: 'person', id: String(id), name, address },
    what: 'identity.linked',
    subject: `person:${id}`,
    details: { givesRole },
  });
  return { person: id, givesRole };
}

/**
 * Gives the person the role that their groups give now. False: they give none, which ends what the
 * person is signed in to, or nobody else could do everything.
 */
async function followRole(
  context: OperationContext,
  id: number,
  { role, address }: SignInInput,
): Promise<boolean> {
  const by: Who = { ...SYSTEM, address };
  if (role === null) {
    await signOut(context, { person: id, tokenHash: null, by });
    return false;
  }
  const person = await getPerson(context, { id });
  if (!person) return false;
  if (person.role === role.role && isSame(person.locations, role.locations)) return true;
  const updated = await updatePerson(context, { id, change: role, dropsTotp: false, by });
  return typeof updated !== 'string';
}

function isSame(one: StoredPerson['locations'], other: StoredPerson['locations']): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
