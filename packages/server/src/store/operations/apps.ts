import sql from 'sql-template-tag';
import type { OperationContext } from '../tx.ts';
import type { Who } from '../who.ts';
import { nextNumber } from './counters.ts';
import { writeAudit } from './write-audit.ts';

/** An API client with its own keys and its own shared secret. */
export interface StoredApp {
  readonly id: number;
  readonly name: string;
  readonly createdAt: number;
}

export async function createApp(
  context: OperationContext,
  input: { name: string; by: Who },
): Promise<StoredApp> {
  const { tx, now } = context;
  const id = await nextNumber(tx, 'app');
  await tx.run(sql`insert into apps (id, name, created_at) values (${id}, ${input.name}, ${now})`);
  await writeAudit(context, {
    by: input.by,
    what: 'app.created',
    subject: `app:${id}`,
    details: { name: input.name },
  });
  return { id, name: input.name, createdAt: now };
}

export async function getApp(
  { tx }: OperationContext,
  input: { id: number },
): Promise<StoredApp | undefined> {
  return tx.first<StoredApp>(sql`
    select id, name, created_at as "createdAt"
    from apps
    where id = ${input.id} and deleted_at is null`);
}

export async function listApps(
  { tx }: OperationContext,
  input: { after: number; limit: number },
): Promise<StoredApp[]> {
  return tx.all<StoredApp>(sql`
    select id, name, created_at as "createdAt"
    from apps
    where deleted_at is null and id > ${input.after}
    order by id
    limit ${input.limit}`);
}

/** Ends its keys and forgets its secret at once. Returns its webhooks; null if there is no such app. */
export async function deleteApp(
  context: OperationContext,
  input: { id: number; by: Who },
): Promise<number[] | null> {
  const { tx, now } = context;
  const deleted = await tx.first<{ name: string }>(sql`
    update apps
    set deleted_at = ${now}
    where id = ${input.id} and deleted_at is null
    returning name`);
  if (!deleted) return null;
  await tx.run(
    sql`update api_keys set revoked_at = ${now} where app_id = ${input.id} and revoked_at is null`,
  );
  await tx.run(sql`delete from secrets where scope = ${`app:${input.id}`}`);
  await writeAudit(context, {
    by: input.by,
    what: 'app.deleted',
    subject: `app:${input.id}`,
    details: { name: deleted.name },
  });
  await nextNumber(tx, 'settings');
  const webhooks = await tx.all<{ id: number }>(
    sql`select id from webhooks where app_id = ${input.id} and deleted_at is null`,
  );
  return webhooks.map((webhook) => webhook.id);
}
