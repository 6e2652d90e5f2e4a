import sql, { empty } from 'sql-template-tag';
import type { OperationContext } from '../tx.ts';
import { nextNumber } from './counters.ts';

/** An API client with its own keys and its own shared secret. */
export interface StoredApp {
  readonly id: number;
  readonly name: string;
  readonly createdAt: number;
}

/** A key without its secret part; `app` null: an operator's. */
export interface StoredKey {
  readonly id: string;
  readonly app: number | null;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
}

export async function createApp(
  { tx, now }: OperationContext,
  input: { name: string },
): Promise<StoredApp> {
  const id = await nextNumber(tx, 'app');
  await tx.run(sql`insert into apps (id, name, created_at) values (${id}, ${input.name}, ${now})`);
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
  { tx, now }: OperationContext,
  input: { id: number },
): Promise<number[] | null> {
  const deleted = await tx.run(
    sql`update apps set deleted_at = ${now} where id = ${input.id} and deleted_at is null`,
  );
  if (deleted === 0) return null;
  await tx.run(
    sql`update api_keys set revoked_at = ${now} where app_id = ${input.id} and revoked_at is null`,
  );
  await tx.run(sql`delete from secrets where scope = ${`app:${input.id}`}`);
  await nextNumber(tx, 'settings');
  const webhooks = await tx.all<{ id: number }>(
    sql`select id from webhooks where app_id = ${input.id} and deleted_at is null`,
  );
  return webhooks.map((webhook) => webhook.id);
}

export async function createKey(
  { tx, now }: OperationContext,
  input: {
    id: string;
    app: number | null;
    name: string;
    secretHash: Uint8Array;
    scopes: readonly string[];
  },
): Promise<StoredKey> {
  await tx.run(sql`
    insert into api_keys (id, app_id, name, secret_hash, scopes, created_at)
    values (${input.id}, ${input.app}, ${input.name}, ${input.secretHash}, ${input.scopes.join(' ')}, ${now})`);
  await nextNumber(tx, 'settings');
  const { id, app, name, scopes } = input;
  return { id, app, name, scopes, createdAt: now, lastUsedAt: null };
}

/** Keys in force, of one app or all. */
export async function listKeys(
  { tx }: OperationContext,
  input: { app?: number },
): Promise<(StoredKey & { secretHash: Uint8Array })[]> {
  const rows = await tx.all<{
    id: string;
    app_id: number | null;
    name: string;
    secret_hash: Uint8Array;
    scopes: string;
    created_at: number;
    last_used_at: number | null;
  }>(sql`
    select id, app_id, name, secret_hash, scopes, created_at, last_used_at
    from api_keys
    where revoked_at is null ${input.app === undefined ? empty : sql`and app_id = ${input.app}`}
    order by created_at, id`);
  return rows.map((row) => ({
    id: row.id,
    app: row.app_id,
    name: row.name,
    secretHash: row.secret_hash,
    scopes: row.scopes.split(' '),
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
  }));
}

export async function revokeKey(
  { tx, now }: OperationContext,
  input: { id: string; app: number },
): Promise<boolean> {
  const revoked = await tx.run(sql`
    update api_keys
    set revoked_at = ${now}
    where id = ${input.id} and app_id = ${input.app} and revoked_at is null`);
  if (revoked > 0) await nextNumber(tx, 'settings');
  return revoked > 0;
}

/** Written now and then, not per request. */
export async function touchKeys(
  { tx }: OperationContext,
  input: { usedAt: ReadonlyMap<string, number> },
): Promise<void> {
  for (const [id, at] of input.usedAt) {
    await tx.run(sql`update api_keys set last_used_at = ${at} where id = ${id}`);
  }
}
