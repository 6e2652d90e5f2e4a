import sql, { empty } from 'sql-template-tag';
import type { OperationContext } from '../tx.ts';
import type { Who } from '../who.ts';
import { type Audited, writeAudit } from './write-audit.ts';

/** Rows per slice: some milliseconds of the writer's time. */
const SLICE = 500;

/** One line of the audit; it never changes. */
export interface AuditEntry {
  readonly id: number;
  readonly at: number;
  readonly by: Who;
  readonly what: Audited;
  readonly subject: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Newest first, ids below `before`. */
export async function listAudit(
  { tx }: OperationContext,
  input: {
    before: number;
    limit: number;
    what?: Audited | undefined;
    /** The id of a key or a person, `configured`, `system` or `unknown`. */
    who?: string | undefined;
    from?: number | undefined;
    to?: number | undefined;
  },
): Promise<AuditEntry[]> {
  const rows = await tx.all<AuditRow>(sql`
    select id, at, who_kind, who_id, who_name, address, what, subject, details
    from audit
    where id < ${input.before}
      ${input.what === undefined ? empty : sql`and what = ${input.what}`}
      ${input.who === undefined ? empty : sql`and who_id = ${input.who}`}
      ${input.from === undefined ? empty : sql`and at >= ${input.from}`}
      ${input.to === undefined ? empty : sql`and at < ${input.to}`}
    order by id desc
    limit ${input.limit}`);
  return rows.map(auditEntry);
}

/** Calls whose key was missing or not known, of minutes that are over: a line for each address. */
export async function keepRefusals(
  context: OperationContext,
  input: { refusals: readonly { minute: number; address: string; count: number }[] },
): Promise<void> {
  for (const { minute, address, count } of input.refusals) {
    await writeAudit(context, {
      by: { kind: 'unknown', id: 'unknown', name: 'unknown', address },
      what: 'auth.failed',
      subject: null,
      details: { count, minute: new Date(minute).toISOString() },
    });
  }
}

/** Removes a slice of what is older than `before`; returns how many. Index audit_by_time. */
export async function removeOldAudit(
  { tx }: OperationContext,
  input: { before: number },
): Promise<number> {
  return tx.run(sql`
    delete from audit
    where id in (
      select id
      from audit
      where at < ${input.before}
      order by at
      limit ${SLICE}
    )`);
}

interface AuditRow {
  id: number;
  at: number;
  who_kind: Who['kind'];
  who_id: string;
  who_name: string;
  address: string | null;
  what: Audited;
  subject: string | null;
  details: string;
}

function auditEntry(row: AuditRow): AuditEntry {
  const { who_kind: kind, who_id: id, who_name: name, address } = row;
  return {
    id: row.id,
    at: row.at,
    by: { kind, id, name, address },
    what: row.what,
    subject: row.subject,
    details: JSON.parse(row.details) as AuditEntry['details'],
  };
}
