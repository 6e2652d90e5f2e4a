import { listOf, type PageQuery } from '../pages.ts';
import type { Send } from '../request.ts';

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
/** A newer service may know more than the type. */
export type Audited = (typeof AUDITED)[number] | (string & {});

/** Who changed what; it never changes. */
export interface AuditEntry {
  readonly id: number;
  readonly at: string;
  readonly who: {
    /** `key`, `person`, `system`, `unknown`; a newer service may know more. */
    readonly kind: string;
    readonly id: string;
    readonly name: string;
  };
  /** Where the request came from; null: from the service itself. */
  readonly address: string | null;
  readonly what: Audited;
  /** Such as `webhook:7` or `secret:default`; null: nothing of the service's. */
  readonly subject: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface AuditQuery extends PageQuery {
  readonly what?: Audited;
  /** The id of a key or a person, `configured`, `system` or `unknown`. */
  readonly who?: string;
  /** An instant, in RFC 3339 or epoch milliseconds. */
  readonly from?: Date | string | number;
  readonly to?: Date | string | number;
}

/** Who changed what; for operators. */
export function auditCalls(send: Send) {
  const list = (query: AuditQuery = {}) => listOf<AuditEntry>(send, '/v1/audit', query);
  return {
    /** Newest first. */
    list,
    /**
     * Everything that matches as NDJSON, newest first: a line for each entry, with its line feed. It
     * is asked for page by page, so that no export is too long for one answer.
     */
    async *export(query: AuditQuery = {}): AsyncGenerator<string, void, undefined> {
      for await (const entry of list({ pageSize: 500, ...query })) {
        yield `${JSON.stringify(entry)}\n`;
      }
    },
  };
}
