import type { AuditQuery } from '@posthorn/sdk';
import { posthorn } from '../api/client.ts';
import { pagedQuery } from './paged.ts';

/** As the page has it; days are those of the reader's zone: `2026-11-03`. */
export interface AuditFilter {
  readonly what?: string | undefined;
  readonly who?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Who changed what, newest first. */
export const auditQuery = (filter: AuditFilter) =>
  pagedQuery(['audit', filter], (page) => posthorn.audit.list({ ...asked(filter), ...page }));

/** Where the browser loads all that fits from, one entry a line. */
export function auditExportUrl(filter: AuditFilter): string {
  const query = { ...asked(filter), format: 'ndjson' };
  return `/v1/audit?${new URLSearchParams(query).toString()}`;
}

/** From the beginning of the first day to the end of the last. */
function asked({ what, who, from, to }: AuditFilter) {
  const end = to === undefined ? undefined : new Date(`${to}T00:00`);
  end?.setDate(end.getDate() + 1);
  return {
    ...(what !== undefined && { what }),
    ...(who !== undefined && { who }),
    ...(from !== undefined && { from: new Date(`${from}T00:00`).toISOString() }),
    ...(end !== undefined && { to: end.toISOString() }),
  } satisfies AuditQuery;
}
