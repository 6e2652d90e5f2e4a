import sql from 'sql-template-tag';
import type { OperationContext, Tx } from '../tx.ts';
import { getPerson } from './people.ts';
import { PERSON_COLUMNS, type PersonRow, type StoredPerson, storedPerson } from './person-row.ts';
import { writeAudit } from './write-audit.ts';
import { acceptProof, holdPerson, type Proof } from './write-person.ts';

/** The hashes of the two tokens that a client gets together, and how long each is good. */
export interface NewTokens {
  readonly client: string;
  readonly access: { readonly hash: string; readonly lifeMs: number };
  readonly refresh: { readonly hash: string; readonly lifeMs: number };
}

/** Of one person and kind; the oldest leave when there are more. */
const MAX_TOKENS = 100;

/** Whose access token this is; undefined: nobody's, or it is over. */
export async function findTokenPerson(
  { tx, now }: OperationContext,
  { tokenHash }: { tokenHash: string },
): Promise<StoredPerson | undefined> {
  const row = await tx.first<PersonRow>(sql`
    select ${PERSON_COLUMNS}
    from person_tokens t
    join people p on p.id = t.person_id
    where t.token_hash = ${tokenHash} and t.kind = 'access' and t.ends_at > ${now}`);
  return row && storedPerson(row);
}

/** Signs a client in. False: what was proved does not hold any more. */
export async function issueTokens(
  context: OperationContext,
  input: {
    person: number;
    proof: Proof;
    tokens: NewTokens;
    guesses: { email: string; network: string };
    address: string | null;
  },
): Promise<boolean> {
  const { person: id, tokens, address } = input;
  if (!(await acceptProof(context, { ...input, rehashed: null }))) return false;
  await insertTokens(context, id, tokens);
  const { name } = (await getPerson(context, { id }))!;
  await writeAudit(context, {
    by: { kind: 'person', id: String(id), name, address },
    what: 'person.signed-in',
    subject: `person:${id}`,
    details: { client: tokens.client },
  });
  return true;
}

/** The next two tokens for one to refresh, which is over then. False: it is not good, or not this client's. */
export async function refreshTokens(
  context: OperationContext,
  { tokenHash, tokens }: { tokenHash: string; tokens: NewTokens },
): Promise<boolean> {
  const { tx, now } = context;
  const found = await tx.first<{ person_id: number }>(sql`
    select person_id from person_tokens where token_hash = ${tokenHash} and kind = 'refresh'`);
  if (!found || !(await holdPerson(tx, found.person_id))) return false;
  const taken = await tx.first<{ person_id: number }>(sql`
    delete from person_tokens
    where token_hash = ${tokenHash} and kind = 'refresh' and client = ${tokens.client}
      and ends_at > ${now}
    returning person_id`);
  if (!taken) return false;
  await insertTokens(context, taken.person_id, tokens);
  return true;
}

/** Of a client one token to refresh is good; access tokens go on until their end. */
async function insertTokens(
  { tx, now }: OperationContext,
  person: number,
  { client, access, refresh }: NewTokens,
): Promise<void> {
  await tx.run(sql`
    delete from person_tokens
    where person_id = ${person} and kind = 'refresh' and client = ${client}`);
  await endOldest(tx, person);
  await tx.run(sql`
    insert into person_tokens (token_hash, person_id, kind, client, ends_at)
    values
      (${access.hash}, ${person}, 'access', ${client}, ${now + access.lifeMs}),
      (${refresh.hash}, ${person}, 'refresh', ${client}, ${now + refresh.lifeMs})`);
}

async function endOldest(tx: Tx, person: number): Promise<void> {
  for (const kind of ['access', 'refresh']) {
    await tx.run(sql`
      delete from person_tokens
      where person_id = ${person} and kind = ${kind} and ends_at <= (
        select ends_at
        from person_tokens
        where person_id = ${person} and kind = ${kind}
        order by ends_at desc
        limit 1 offset ${MAX_TOKENS - 1})`);
  }
}
