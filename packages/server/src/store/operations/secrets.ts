import sql, { empty } from 'sql-template-tag';
import { andAt, type Bounds, UNBOUNDED } from '../bounds.ts';
import type { OperationContext } from '../tx.ts';
import type { Who } from '../who.ts';
import { nextNumber } from './counters.ts';
import { writeAudit } from './write-audit.ts';

/** A secret as it lies in the store: encrypted, with the id of the key that opens it. */
export interface SealedSecret {
  /** `default`, `location:ID`, `app:ID`, `signing-key`; of a person `totp:ID` and `totp-new:ID`. */
  readonly scope: string;
  /** Of a scope there is one current secret, and at most one before it that has not ended. */
  readonly slot: 'current' | 'previous';
  readonly keyId: string;
  readonly sealed: Uint8Array;
  readonly setAt: number;
  /** When the previous one ends; null for the current one. */
  readonly endsAt: number | null;
}

/**
 * Sets the current secret. The one until now signs beside it for `overlapMs` (0: no more), in the
 * place of the one before that.
 */
export async function putSecret(
  context: OperationContext,
  { by, ...input }: NewSecret & { by: Who },
): Promise<void> {
  await replaceSecret(context, input);
  await writeAudit(context, { by, what: 'secret.set', subject: `secret:${input.scope}` });
  await nextNumber(context.tx, 'settings');
}

/** The same for the private key that signs calls, which is no shared secret. */
export async function rotateSigningKey(
  context: OperationContext,
  { by, ...input }: NewSecret & { by: Who },
): Promise<void> {
  await replaceSecret(context, input);
  const details = { overlapMs: input.overlapMs };
  await writeAudit(context, { by, what: 'signing-key.rotated', subject: 'signing-key', details });
  await nextNumber(context.tx, 'settings');
}

interface NewSecret extends Pick<SealedSecret, 'scope' | 'keyId' | 'sealed'> {
  readonly overlapMs: number;
}

async function replaceSecret(
  { tx, now }: OperationContext,
  { scope, keyId, sealed, overlapMs }: NewSecret,
): Promise<void> {
  await tx.run(sql`delete from secrets where scope = ${scope} and slot = 'previous'`);
  if (overlapMs > 0) {
    await tx.run(sql`
      update secrets
      set slot = 'previous', ends_at = ${now + overlapMs}
      where scope = ${scope} and slot = 'current'`);
  }
  await tx.run(sql`
    insert into secrets (scope, slot, key_id, sealed, set_at)
    values (${scope}, 'current', ${keyId}, ${sealed}, ${now})
    on conflict (scope, slot) do update
    set key_id = excluded.key_id, sealed = excluded.sealed, set_at = excluded.set_at`);
}

/** Sets a secret unless its scope has one. */
export async function putSecretOnce(
  { tx, now }: OperationContext,
  { scope, keyId, sealed }: { scope: string; keyId: string; sealed: Uint8Array },
): Promise<void> {
  await tx.run(sql`
    insert into secrets (scope, slot, key_id, sealed, set_at)
    values (${scope}, 'current', ${keyId}, ${sealed}, ${now})
    on conflict (scope, slot) do nothing`);
}

/** Lets the previous secret sign for `overlapMs` from now (0: no more). The current one stays. */
export async function endPreviousSecret(
  context: OperationContext,
  { scope, overlapMs, by }: { scope: string; overlapMs: number; by: Who },
): Promise<void> {
  const { tx, now } = context;
  await tx.run(
    overlapMs > 0
      ? sql`
        update secrets set ends_at = ${now + overlapMs}
        where scope = ${scope} and slot = 'previous' and ends_at > ${now}`
      : sql`delete from secrets where scope = ${scope} and slot = 'previous'`,
  );
  await writeAudit(context, { by, what: 'secret.set', subject: `secret:${scope}` });
  await nextNumber(tx, 'settings');
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

/**
 * Puts the same secret under another key. Whatever was set, moved or removed since it was read, or
 * sealed anew by another node, stays as it is. Returns how many were changed.
 */
export async function resealSecrets(
  { tx }: OperationContext,
  { anew }: { anew: readonly { from: SealedSecret; to: Pick<SealedSecret, 'keyId' | 'sealed'> }[] },
): Promise<number> {
  let changed = 0;
  for (const { from, to } of anew) {
    changed += await tx.run(sql`
      update secrets set key_id = ${to.keyId}, sealed = ${to.sealed}
      where scope = ${from.scope} and slot = ${from.slot}
        and key_id = ${from.keyId} and sealed = ${from.sealed}`);
  }
  return changed;
}

/** What has ended is not used any more, whether it is still there or not. Returns how many left. */
export async function removeEndedSecrets({ tx, now }: OperationContext): Promise<number> {
  return tx.run(sql`delete from secrets where slot = 'previous' and ends_at <= ${now}`);
}

/** Somebody is about to see the secret of a scope. */
export async function noteRevealedSecret(
  context: OperationContext,
  { scope, by }: { scope: string; by: Who },
): Promise<void> {
  await writeAudit(context, { by, what: 'secret.revealed', subject: `secret:${scope}` });
}

/** The current one of a scope. */
export async function getSecret(
  { tx }: OperationContext,
  { scope }: { scope: string },
): Promise<Pick<SealedSecret, 'keyId' | 'sealed'> | undefined> {
  return tx.first(sql`
    select key_id as "keyId", sealed from secrets where scope = ${scope} and slot = 'current'`);
}

/** All of them, those that ended left out: a service has a handful per location and app. */
export async function listSecrets({ tx, now }: OperationContext): Promise<SealedSecret[]> {
  return tx.all<SealedSecret>(sql`
    select scope, slot, key_id as "keyId", sealed, set_at as "setAt", ends_at as "endsAt"
    from secrets
    where slot = 'current' or ends_at > ${now}
    order by scope, slot`);
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

/**
 * Every location that has a name or a webhook, by id. An app sees those at which it has a webhook, and
 * those that it is bound to.
 */
export async function listLocations(
  { tx }: OperationContext,
  { after, limit, bounds = UNBOUNDED }: { after: number; limit: number; bounds?: Bounds },
): Promise<{ id: number; name: string | null }[]> {
  const { app, locations } = bounds;
  const named = app === null || locations !== null ? sql`select id from locations union` : empty;
  return tx.all(sql`
    select ids.id, l.name
    from (
      ${named}
      select location_id as id
      from webhooks
      where location_id is not null and deleted_at is null
        ${app === null ? empty : sql`and app_id = ${app}`}
    ) ids
    left join locations l on l.id = ids.id
    where ids.id > ${after} ${andAt('ids.id', locations)}
    group by ids.id, l.name
    order by ids.id
    limit ${limit}`);
}
