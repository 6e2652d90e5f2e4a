import sql from 'sql-template-tag';
import type { OperationContext } from '../tx.ts';
import type { StoredWebhook } from './webhooks.ts';

/** What a lane must know of its webhook to send. */
export type SendingWebhook = Pick<
  StoredWebhook,
  | 'id'
  | 'url'
  | 'app'
  | 'location'
  | 'active'
  | 'concurrency'
  | 'enabledAt'
  | 'lastTriggerAt'
  | 'errorCount'
  | 'pausedUntil'
>;

/** Also of deleted webhooks, while calls to them are under way; those are not active. */
export async function getSendingWebhook(
  { tx }: OperationContext,
  input: { id: number },
): Promise<SendingWebhook | undefined> {
  const row = await tx.first<{
    id: number;
    url: string;
    app_id: number | null;
    location_id: number | null;
    active: number;
    concurrency: number | null;
    enabled_at: number;
    last_trigger_at: number | null;
    error_count: number;
    paused_until: number | null;
    deleted_at: number | null;
  }>(sql`
    select id, url, app_id, location_id, active, concurrency, enabled_at, last_trigger_at,
      error_count, paused_until, deleted_at
    from webhooks
    where id = ${input.id}`);
  return (
    row && {
      id: row.id,
      url: row.url,
      app: row.app_id,
      location: row.location_id,
      active: row.active === 1 && row.deleted_at === null,
      concurrency: row.concurrency,
      enabledAt: row.enabled_at,
      lastTriggerAt: row.last_trigger_at,
      errorCount: row.error_count,
      pausedUntil: row.paused_until,
    }
  );
}
