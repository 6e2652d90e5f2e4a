import sql from 'sql-template-tag';
import type { OperationContext } from '../tx.ts';
import type { StoredWebhook } from './webhooks.ts';

export interface StartedSession {
  readonly session: number;
  /** Deliveries that an earlier session held when its process ended; due again. */
  readonly released: number;
  /** Lanes with something waiting, and the earliest due time of each. */
  readonly lanes: readonly { readonly webhook: number; readonly dueAt: number }[];
}

/**
 * Begins a process's time with the store. On SQLite it is the only process, so whatever is
 * leased was left by one that ended: it becomes due at once.
 */
export async function startSession({ tx, now }: OperationContext): Promise<StartedSession> {
  const started = await tx.first<{ id: number }>(sql`
    insert into sessions (started_at, alive_until)
    values (${now}, ${now})
    returning id`);
  const released = await tx.run(sql`
    update deliveries
    set state = 'due', due_at = ${now}, leased_by = null
    where state = 'leased'`);
  const lanes = await tx.all<{ webhook_id: number; due_at: number }>(sql`
    with recursive lanes (webhook_id) as (
      select min(webhook_id) from deliveries where state = 'due'
      union all
      select (
        select min(d.webhook_id)
        from deliveries d
        where d.state = 'due' and d.webhook_id > lanes.webhook_id
      )
      from lanes
      where lanes.webhook_id is not null
    )
    select webhook_id, (
        select min(d.due_at)
        from deliveries d
        where d.state = 'due' and d.webhook_id = lanes.webhook_id
      ) as due_at
    from lanes
    where webhook_id is not null`);
  return {
    session: started!.id,
    released,
    lanes: lanes.map((lane) => ({ webhook: lane.webhook_id, dueAt: lane.due_at })),
  };
}

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
