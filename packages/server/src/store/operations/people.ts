import sql from 'sql-template-tag';
import type { OperationContext, Tx } from '../tx.ts';
import type { Who } from '../who.ts';
import { nextNumber } from './counters.ts';
import {
  PERSON_COLUMNS,
  type PersonInput,
  type PersonRow,
  type StoredPerson,
  storedPerson,
  writtenLocations,
} from './person-row.ts';
import { writeAudit } from './write-audit.ts';
import {
  endSessions,
  holdPerson,
  insertPerson,
  removeTotp,
  unlinkIdentities,
} from './write-person.ts';

/** `taken`: somebody has this email. */
export async function createPerson(
  context: OperationContext,
  { by, password, ...person }: PersonInput & { password: string | null; by: Who },
): Promise<StoredPerson | 'taken'> {
  const { tx } = context;
  // Before anything is read: of two with the same email the second finds the first.
  await nextNumber(tx, 'settings');
  if (await findPerson(context, person)) return 'taken';
  const id = await insertPerson(context, { ...person, password }, () => by);
  return (await getPerson(context, { id }))!;
}

/** Whether nobody can sign in yet, nor ever could. */
export async function isWithoutPeople({ tx }: OperationContext): Promise<boolean> {
  return (await tx.first(sql`select id from people limit 1`)) === undefined;
}

export async function getPerson(
  { tx }: OperationContext,
  { id }: { id: number },
): Promise<StoredPerson | undefined> {
  const row = await tx.first<PersonRow>(
    sql`select ${PERSON_COLUMNS} from people p where id = ${id}`,
  );
  return row && storedPerson(row);
}

export async function findPerson(
  { tx }: OperationContext,
  { email }: { email: string },
): Promise<StoredPerson | undefined> {
  const row = await tx.first<PersonRow>(
    sql`select ${PERSON_COLUMNS} from people p where email = ${email}`,
  );
  return row && storedPerson(row);
}

/** In the order of their ids, those above `after`. */
export async function listPeople(
  { tx }: OperationContext,
  input: { after: number; limit: number },
): Promise<StoredPerson[]> {
  const rows = await tx.all<PersonRow>(sql`
    select ${PERSON_COLUMNS}
    from people p
    where id > ${input.after}
    order by id
    limit ${input.limit}`);
  return rows.map(storedPerson);
}

/**
 * Changes what is given; an operator has all locations then. What changes what a person may do, or
 * how they sign in, ends their sessions. `last`: nobody else could do everything.
 */
export async function updatePerson(
  context: OperationContext,
  input: {
    id: number;
    change: Partial<PersonInput>;
    /** Takes the second factor away, for somebody who lost it. */
    dropsTotp: boolean;
    by: Who;
  },
): Promise<StoredPerson | 'unknown' | 'taken' | 'last'> {
  const { tx, now } = context;
  const { id, change, by } = input;
  await nextNumber(tx, 'settings');
  const before = await getPerson(context, { id });
  if (!before) return 'unknown';
  const changed = { ...before, ...change };
  const after = changed.role === 'operator' ? { ...changed, locations: null } : changed;
  const namesake = await findPerson(context, after);
  if (namesake && namesake.id !== id) return 'taken';
  if (after.role !== 'operator' && (await isLastOperator(tx, before))) return 'last';
  await tx.run(sql`
    update people
    set name = ${after.name}, email = ${after.email}, role = ${after.role},
      locations = ${writtenLocations(after.locations)}, updated_at = ${now}
    where id = ${id}`);
  const fields = CHANGEABLE.filter(
    (field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]),
  );
  if (fields.length > 0) {
    const { role, locations } = after;
    const details = { fields, role, locations };
    await writeAudit(context, { by, what: 'person.changed', subject: `person:${id}`, details });
  }
  const dropsTotp = input.dropsTotp && before.totpStep !== null;
  if (dropsTotp) await removeTotp(context, { person: id, by });
  // It was found by the email of before, which may be somebody else's now.
  if (fields.includes('email')) await unlinkIdentities(tx, id);
  if (dropsTotp || fields.some((field) => field !== 'name')) {
    await endSessions(tx, id);
  }
  return (await getPerson(context, { id }))!;
}

/** With everything that is theirs but what the audit says. */
export async function removePerson(
  context: OperationContext,
  { id, by }: { id: number; by: Who },
): Promise<'removed' | 'unknown' | 'last'> {
  const { tx } = context;
  await nextNumber(tx, 'settings');
  const person = await getPerson(context, { id });
  if (!person) return 'unknown';
  if (await isLastOperator(tx, person)) return 'last';
  await holdPerson(tx, id);
  await endSessions(tx, id);
  await unlinkIdentities(tx, id);
  await tx.run(sql`delete from links where person_id = ${id}`);
  await tx.run(sql`delete from secrets where scope in (${`totp:${id}`}, ${`totp-new:${id}`})`);
  await tx.run(sql`delete from people where id = ${id}`);
  const details = { name: person.name, role: person.role };
  await writeAudit(context, { by, what: 'person.removed', subject: `person:${id}`, details });
  return 'removed';
}

/** Of those who have a password: whoever has none cannot help. */
async function isLastOperator(tx: Tx, { id, role, password }: StoredPerson): Promise<boolean> {
  if (role !== 'operator' || password === null) return false;
  const other = await tx.first(sql`
    select id
    from people
    where role = 'operator' and password is not null and id <> ${id}
    limit 1`);
  return other === undefined;
}

const CHANGEABLE = ['name', 'email', 'role', 'locations'] as const satisfies (keyof PersonInput)[];
