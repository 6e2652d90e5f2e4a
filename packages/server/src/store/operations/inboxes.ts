import sql, { empty } from 'sql-template-tag';
import { andAt, type Bounds, isWithin, type Owned, UNBOUNDED } from '../bounds.ts';
import type { OperationContext } from '../tx.ts';

/** Requests kept per inbox; older ones leave as new ones arrive. */
const KEPT_REQUESTS = 200;

/**
 * A built-in receiver. `scope` says whose secret its requests are checked with; it belongs to what
 * the key that made it was bound to.
 */
export interface StoredInbox extends Owned {
  readonly id: string;
  readonly scope: string;
  readonly createdAt: number;
}

/** An inbox in the list, with what is kept in it. */
export interface ListedInbox extends StoredInbox {
  /** From 1, in the order in which inboxes were made. */
  readonly number: number;
  readonly requests: number;
  /** Null: none is kept. */
  readonly lastRequestAt: number | null;
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
  input: { id: string; scope: string } & Owned,
): Promise<StoredInbox> {
  await tx.run(sql`
    insert into inboxes (id, scope, app_id, location_id, created_at)
    values (${input.id}, ${input.scope}, ${input.app}, ${input.location}, ${now})`);
  return { ...input, createdAt: now };
}

export async function getInbox(
  { tx }: OperationContext,
  { id, bounds = UNBOUNDED }: { id: string; bounds?: Bounds },
): Promise<StoredInbox | undefined> {
  const found = await tx.first<StoredInbox>(sql`
    select id, scope, app_id as app, location_id as location, created_at as "createdAt"
    from inboxes
    where id = ${id}`);
  return found && isWithin(found, bounds) ? found : undefined;
}

/**
 * Newest first, numbers below `before`. Those of others are passed over, so this reads more than it
 * answers: inboxes are made by people, a few at a time.
 */
export async function listInboxes(
  { tx }: OperationContext,
  { before, limit, bounds }: { before: number; limit: number; bounds: Bounds },
): Promise<ListedInbox[]> {
  return tx.all(sql`
    select i.number, i.id, i.scope, i.app_id as app, i.location_id as location,
      i.created_at as "createdAt",
      (select count(*) from inbox_requests r where r.inbox_id = i.id) as requests,
      (select max(r.received_at) from inbox_requests r where r.inbox_id = i.id) as "lastRequestAt"
    from inboxes i
    where i.number < cast(${before} as bigint)
      ${bounds.app === null ? empty : sql`and i.app_id = ${bounds.app}`}
      ${andAt('i.location_id', bounds.locations)}
    order by i.number desc
    limit ${limit}`);
}

export async function deleteInbox(
  context: OperationContext,
  input: { id: string; bounds?: Bounds },
): Promise<boolean> {
  const { tx } = context;
  if (!(await getInbox(context, input))) return false;
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
