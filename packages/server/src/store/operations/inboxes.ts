import sql from 'sql-template-tag';
import type { OperationContext } from '../tx.ts';

/** Requests kept per inbox; older ones leave as new ones arrive. */
const KEPT_REQUESTS = 200;

/** A built-in receiver. `scope` says whose secret its requests are checked with. */
export interface StoredInbox {
  readonly id: string;
  readonly scope: string;
  readonly createdAt: number;
}

export interface StoredInboxRequest {
  /** From 1, in the order of arrival. */
  readonly number: number;
  readonly receivedAt: number;
  readonly method: string;
  /** Path and query as called. */
  readonly path: string;
  /** JSON array, name and value alternating. */
  readonly headers: string;
  readonly body: Uint8Array;
  /** JSON: the result of checking the signature. */
  readonly signature: string;
}

export async function createInbox(
  { tx, now }: OperationContext,
  input: { id: string; scope: string },
): Promise<StoredInbox> {
  await tx.run(
    sql`insert into inboxes (id, scope, created_at) values (${input.id}, ${input.scope}, ${now})`,
  );
  return { ...input, createdAt: now };
}

export async function getInbox(
  { tx }: OperationContext,
  input: { id: string },
): Promise<StoredInbox | undefined> {
  return tx.first(
    sql`select id, scope, created_at as "createdAt" from inboxes where id = ${input.id}`,
  );
}

export async function deleteInbox(
  { tx }: OperationContext,
  input: { id: string },
): Promise<boolean> {
  await tx.run(sql`delete from inbox_requests where inbox_id = ${input.id}`);
  return (await tx.run(sql`delete from inboxes where id = ${input.id}`)) > 0;
}

/** Keeps a request, and the newest 200 of its inbox. */
export async function keepInboxRequest(
  { tx, now }: OperationContext,
  input: { inbox: string } & Omit<StoredInboxRequest, 'number' | 'receivedAt'>,
): Promise<number> {
  // Holds the inbox, so that two requests at once get two numbers.
  await tx.run(sql`update inboxes set scope = scope where id = ${input.inbox}`);
  const newest = await tx.first<{ number: number | null }>(
    sql`select max(number) as number from inbox_requests where inbox_id = ${input.inbox}`,
  );
  const number = (newest?.number ?? 0) + 1;
  await tx.run(sql`
    insert into inbox_requests (inbox_id, number, received_at, method, path, headers, body, signature)
    values (${input.inbox}, ${number}, ${now}, ${input.method}, ${input.path}, ${input.headers},
      ${input.body}, ${input.signature})`);
  await tx.run(sql`
    delete from inbox_requests
    where inbox_id = ${input.inbox} and number <= ${number - KEPT_REQUESTS}`);
  return number;
}

/** Newest first, numbers below `before`. */
export async function listInboxRequests(
  { tx }: OperationContext,
  input: { inbox: string; before: number; limit: number },
): Promise<StoredInboxRequest[]> {
  return tx.all(sql`
    select number, received_at as "receivedAt", method, path, headers, body, signature
    from inbox_requests
    where inbox_id = ${input.inbox} and number < cast(${input.before} as bigint)
    order by number desc
    limit ${input.limit}`);
}
