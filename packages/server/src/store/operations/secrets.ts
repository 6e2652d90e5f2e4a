import sql, { empty } from 'sql-template-tag';
import type { OperationContext } from '../tx.ts';
import type { Who } from '../who.ts';
import { nextNumber } from './counters.ts';
import { writeAudit } from './write-audit.ts';

/** A shared secret as it lies in the store: encrypted, with the id of the key that opens it. */
export interface SealedSecret {
  /** `default`, `location:ID` or `app:ID`. */
  readonly scope: string;
  readonly keyId: string;
  readonly sealed: Uint8Array;
  readonly setAt: number;
}

export async function putSecret(
  context: OperationContext,
  { by, ...input }: { scope: string; keyId: string; sealed: Uint8Array; by: Who },
): Promise<SealedSecret> {
  const { tx, now } = context;
  await tx.run(sql`
    insert into secrets (scope, key_id, sealed, set_at)
    values (${input.scope}, ${input.keyId}, ${input.sealed}, ${now})
    on conflict (scope) do update
    set key_id = excluded.key_id, sealed = excluded.sealed, set_at = excluded.set_at`);
  await writeAudit(context, { by, what: 'secret.set', subject: `secret:${input.scope}` });
  await nextNumber(tx, 'settings');
  return { ...input, setAt: now };
}

export async function deleteSecret(
  context: OperationContext,
  { scope, by }: { scope: string; by: Who },
): Promise<boolean> {
  const { tx } = context;
  const deleted = await tx.run(sql`delete from secrets where scope = ${scope}`);
  if (deleted === 0) return false;
  await writeAudit(context, { by, what: 'secret.removed', subject: `secret:${scope}` });
  await nextNumber(tx, 'settings');
  return true;
}

/** All of them: a service has a handful per location and app. */
export async function listSecrets({ tx }: OperationContext): Promise<SealedSecret[]> {
  return tx.all<SealedSecret>(sql`
    select scope, key_id as "keyId", sealed, set_at as "setAt"
    from secrets
    order by scope`);
}

/** A location's name, which is all the set-up a location can have. */
export interface StoredLocation {
  readonly id: number;
  readonly name: string;
  readonly updatedAt: number;
}

export async function putLocation(
  { tx, now }: OperationContext,
  input: { id: number; name: string },
): Promise<StoredLocation> {
  await tx.run(sql`
    insert into locations (id, name, updated_at)
    values (${input.id}, ${input.name}, ${now})
    on conflict (id) do update set name = excluded.name, updated_at = excluded.updated_at`);
  return { ...input, updatedAt: now };
}

/** Every location that has a name or a webhook, by id; `only`: no other than this. */
export async function listLocations(
  { tx }: OperationContext,
  input: { after: number; limit: number; only?: number | null },
): Promise<{ id: number; name: string | null }[]> {
  return tx.all(sql`
    select ids.id, l.name
    from (
      select id from locations
      union
      select location_id from webhooks where location_id is not null and deleted_at is null
    ) ids
    left join locations l on l.id = ids.id
    where ids.id > ${input.after} ${input.only == null ? empty : sql`and ids.id = ${input.only}`}
    order by ids.id
    limit ${input.limit}`);
}
