import sql, { empty, type Sql } from 'sql-template-tag';
import { isAlmighty } from '../almighty.ts';
import type { Owned } from '../bounds.ts';
import type { OperationContext, Tx } from '../tx.ts';
import type { Who } from '../who.ts';
import { nextNumber } from './counters.ts';
import { writeAudit } from './write-audit.ts';

/** A key without its secret part; `app` null: an operator's; `location` null: all of them. */
export interface StoredKey extends Owned {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAt: number;
  /** From then on it is not good any more. */
  readonly expiresAt: number | null;
  /** The key that takes its place. */
  readonly successor: string | null;
  readonly lastUsedAt: number | null;
}

export interface NewKey extends Owned {
  readonly id: string;
  readonly name: string;
  readonly secretHash: Uint8Array;
  readonly scopes: readonly string[];
  readonly expiresAt: number | null;
}

export async function createKey(
  context: OperationContext,
  { by, ...key }: NewKey & { by: Who },
): Promise<StoredKey> {
  const stored = await insertKey(context, key);
  const { name, app, location, scopes, expiresAt } = stored;
  await writeAudit(context, {
    by,
    what: 'key.created',
    subject: `key:${key.id}`,
    details: { name, app, location, scopes, expiresAt: expiresAt && new Date(expiresAt) },
  });
  await nextNumber(context.tx, 'settings');
  return stored;
}

/** Keys in force with ids above `after`, in the order of their ids; of one app or all. */
export async function listKeys(
  { tx, now }: OperationContext,
  input: { app?: number; after?: string; limit?: number },
): Promise<(StoredKey & { secretHash: Uint8Array })[]> {
  const rows = await tx.all<KeyRow>(sql`
    select ${COLUMNS}
    from api_keys
    where revoked_at is null and (expires_at is null or expires_at > ${now})
      ${input.app === undefined ? empty : sql`and app_id = ${input.app}`}
      ${input.after === undefined ? empty : sql`and id > ${input.after}`}
    order by id
    ${input.limit === undefined ? empty : sql`limit ${input.limit}`}`);
  return rows.map((row) => ({ ...storedKey(row), secretHash: row.secret_hash }));
}

/** A key in force. */
export async function getKey(
  { tx, now }: OperationContext,
  { id }: { id: string },
): Promise<StoredKey | undefined> {
  const row = await tx.first<KeyRow>(sql`
    select ${COLUMNS}
    from api_keys
    where id = ${id} and revoked_at is null and (expires_at is null or expires_at > ${now})`);
  return row && storedKey(row);
}

/**
 * `app`: only if it is this app's. `keepsLast`: the last key that can do everything stays, for
 * without it nobody could make another.
 */
export async function revokeKey(
  context: OperationContext,
  input: { id: string; app?: number; keepsLast: boolean; by: Who },
): Promise<'revoked' | 'last' | 'unknown'> {
  const { tx, now } = context;
  // Before anything is read: of two that revoke at once the second sees what the first left.
  await nextNumber(tx, 'settings');
  const key = await getKey(context, input);
  if (!key || (input.app !== undefined && key.app !== input.app)) return 'unknown';
  if (input.keepsLast && isAlmighty(key) && !(await hasOtherAlmighty(tx, now, key.id))) {
    return 'last';
  }
  await tx.run(sql`update api_keys set revoked_at = ${now} where id = ${key.id}`);
  const { name, app } = key;
  await writeAudit(context, {
    by: input.by,
    what: 'key.revoked',
    subject: `key:${key.id}`,
    details: { name, app },
  });
  return 'revoked';
}

/**
 * A successor with the same name, scopes and bounds; the old key is good until `overlapMs` from
 * now, or until it would have ended anyway. A key is rotated once.
 */
export async function rotateKey(
  context: OperationContext,
  input: {
    id: string;
    successor: { id: string; secretHash: Uint8Array };
    /** When the successor expires; undefined: when the old key was to. */
    expiresAt: number | null | undefined;
    overlapMs: number;
    by: Who;
  },
): Promise<StoredKey | null> {
  const { tx, now } = context;
  const { successor, by } = input;
  // Before anything is read: of two that rotate at once the second finds a successor.
  await nextNumber(tx, 'settings');
  const old = await getKey(context, input);
  if (!old || old.successor !== null) return null;
  const endsAt = Math.min(now + input.overlapMs, old.expiresAt ?? Infinity);
  const { expiresAt = old.expiresAt } = input;
  const stored = await insertKey(context, { ...old, ...successor, expiresAt });
  await tx.run(sql`
    update api_keys
    set expires_at = ${endsAt}, successor_id = ${successor.id}
    where id = ${old.id}`);
  await writeAudit(context, {
    by,
    what: 'key.rotated',
    subject: `key:${old.id}`,
    details: { name: old.name, successor: successor.id, endsAt: new Date(endsAt) },
  });
  return stored;
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

async function hasOtherAlmighty(tx: Tx, now: number, id: string): Promise<boolean> {
  const other = await tx.first(sql`
    select id
    from api_keys
    where id <> ${id} and app_id is null and location_id is null and scopes = '*'
      and revoked_at is null and (expires_at is null or expires_at > ${now})
    limit 1`);
  return other !== undefined;
}

async function insertKey({ tx, now }: OperationContext, key: NewKey): Promise<StoredKey> {
  const { id, app, location, name, secretHash, scopes, expiresAt } = key;
  await tx.run(sql`
    insert into api_keys
      (id, app_id, location_id, name, secret_hash, scopes, created_at, expires_at)
    values
      (${id}, ${app}, ${location}, ${name}, ${secretHash}, ${scopes.join(' ')}, ${now},
       ${expiresAt})`);
  const none = { successor: null, lastUsedAt: null };
  return { id, app, location, name, scopes, createdAt: now, expiresAt, ...none };
}

const COLUMNS: Sql = sql`
  id, app_id, location_id, name, secret_hash, scopes, created_at, expires_at, successor_id,
  last_used_at`;

interface KeyRow {
  id: string;
  app_id: number | null;
  location_id: number | null;
  name: string;
  secret_hash: Uint8Array;
  scopes: string;
  created_at: number;
  expires_at: number | null;
  successor_id: string | null;
  last_used_at: number | null;
}

function storedKey(row: KeyRow): StoredKey {
  return {
    id: row.id,
    app: row.app_id,
    location: row.location_id,
    name: row.name,
    scopes: row.scopes.split(' '),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    successor: row.successor_id,
    lastUsedAt: row.last_used_at,
  };
}
