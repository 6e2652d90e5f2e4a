import sql from 'sql-template-tag';
import type { OperationContext } from '../tx.ts';
import type { Who } from '../who.ts';
import { nextNumber } from './counters.ts';
import { getPerson, isWithoutPeople } from './people.ts';
import type { StoredPerson } from './person-row.ts';
import { writeAudit } from './write-audit.ts';
import { endSessions, insertPerson, letIn } from './write-person.ts';

/**
 * Keeps a link by which the first person is made. Each start of a node makes one, and all are good
 * until there is somebody. False: there is somebody, and nothing was kept.
 */
export async function keepSetupLink(
  context: OperationContext,
  { tokenHash, lifeMs }: { tokenHash: string; lifeMs: number },
): Promise<boolean> {
  const { tx, now } = context;
  if (!(await isWithoutPeople(context))) return false;
  await tx.run(sql`
    insert into links (token_hash, person_id, ends_at)
    values (${tokenHash}, null, ${now + lifeMs})`);
  return true;
}

/** Keeps the one link by which a person chooses a password. False: there is no such person. */
export async function keepPersonLink(
  context: OperationContext,
  input: { person: number; tokenHash: string; lifeMs: number; by: Who },
): Promise<boolean> {
  const { tx, now } = context;
  const { person, tokenHash, lifeMs, by } = input;
  // Held, so that of two links at once one stays, and a removal waits.
  const found = await tx.run(sql`update people set updated_at = ${now} where id = ${person}`);
  if (found === 0) return false;
  await tx.run(sql`delete from links where person_id = ${person}`);
  await tx.run(sql`
    insert into links (token_hash, person_id, ends_at)
    values (${tokenHash}, ${person}, ${now + lifeMs})`);
  await writeAudit(context, { by, what: 'person.linked', subject: `person:${person}` });
  return true;
}

/** Whose a link is, if it is still good; null: the first person's. */
export async function findLink(
  { tx, now }: OperationContext,
  { tokenHash }: { tokenHash: string },
): Promise<{ person: number | null } | undefined> {
  return tx.first<{ person: number | null }>(sql`
    select person_id as person
    from links
    where token_hash = ${tokenHash} and ends_at > ${now}`);
}

/**
 * Makes the first person, an operator, and signs them in; links for a first person are over then.
 * Null: the link is not good, or there is somebody. Of several at once one gets a person.
 */
export async function makeFirstPerson(
  context: OperationContext,
  input: {
    link: string;
    name: string;
    email: string;
    password: string;
    tokenHash: string;
    address: string | null;
  },
): Promise<StoredPerson | null> {
  const { tx } = context;
  const { name, email, password, address } = input;
  // Before anything is read: the second of two waits here, and finds the first.
  await nextNumber(tx, 'settings');
  const link = await findLink(context, { tokenHash: input.link });
  if (link?.person !== null || !(await isWithoutPeople(context))) return null;
  await tx.run(sql`delete from links where person_id is null`);
  const person = { name, email, role: 'operator', locations: null } as const;
  const byThemselves = (id: number): Who => ({ kind: 'person', id: String(id), name, address });
  const id = await insertPerson(context, { ...person, password }, byThemselves);
  const { tokenHash } = input;
  await letIn(context, { person: id, name, tokenHash, replaces: null, address });
  return (await getPerson(context, { id }))!;
}

/**
 * Gives the person of a link the password they chose, and ends what they were signed in to. Signs
 * them in, unless they have a second factor. Null: the link is not good any more.
 */
export async function joinByLink(
  context: OperationContext,
  input: { link: string; password: string; tokenHash: string; address: string | null },
): Promise<StoredPerson | null> {
  const { tx, now } = context;
  const link = await findLink(context, { tokenHash: input.link });
  const used = await tx.run(sql`
    delete from links where token_hash = ${input.link} and person_id is not null and ends_at > ${now}`);
  if (used === 0 || link == null || link.person === null) return null;
  const id = link.person;
  await tx.run(sql`
    update people set password = ${input.password}, updated_at = ${now} where id = ${id}`);
  await endSessions(tx, id);
  const { name, totpStep } = (await getPerson(context, { id }))!;
  const { tokenHash, address } = input;
  const by: Who = { kind: 'person', id: String(id), name, address };
  await writeAudit(context, { by, what: 'person.joined', subject: `person:${id}` });
  if (totpStep === null)
    await letIn(context, { person: id, name, tokenHash, replaces: null, address });
  return (await getPerson(context, { id }))!;
}
