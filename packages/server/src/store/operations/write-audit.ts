import sql from 'sql-template-tag';
import type { OperationContext } from '../tx.ts';
import type { Who } from '../who.ts';

/** What the audit tells of. */
export const AUDITED = [
  'app.created',
  'app.deleted',
  'auth.failed',
  'delivery.resent',
  'held.dropped',
  'identity.linked',
  'key.created',
  'key.revoked',
  'key.rotated',
  'password.changed',
  'person.changed',
  'person.created',
  'person.joined',
  'person.linked',
  'person.removed',
  'person.signed-in',
  'person.signed-out',
  'secret.removed',
  'secret.revealed',
  'secret.set',
  'sign-in.refused',
  'signing-key.rotated',
  'totp.off',
  'totp.on',
  'webhook.changed',
  'webhook.created',
  'webhook.deleted',
  'webhook.disabled',
  'webhook.enabled',
] as const;
export type Audited = (typeof AUDITED)[number];

export interface AuditNote {
  readonly by: Who;
  readonly what: Audited;
  /**
   * `webhook:7`, `delivery:KEY`, `key:ID`, `app:3`, `person:4`, `secret:default`,
   * `signing-key`; null: nothing of ours.
   */
  readonly subject: string | null;
  /** Names and numbers; never a secret, a key, a URL or a record. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Adds to the audit in the transaction of the change itself: there is neither without the other. */
export async function writeAudit(
  { tx, now }: OperationContext,
  { by, what, subject, details = {} }: AuditNote,
): Promise<void> {
  await tx.run(sql`
    insert into audit (at, who_kind, who_id, who_name, address, what, subject, details)
    values (${now}, ${by.kind}, ${by.id}, ${by.name}, ${by.address}, ${what}, ${subject},
      ${JSON.stringify(details)})`);
}
