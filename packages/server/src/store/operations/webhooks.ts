import sql, { empty, join, raw, type Sql } from 'sql-template-tag';
import { andWithin, type Bounds, isWithin, UNBOUNDED } from '../bounds.ts';
import type { OperationContext, Tx } from '../tx.ts';
import type { Who } from '../who.ts';
import { nextNumber } from './counters.ts';
import { WEBHOOK_STATE_CONDITIONS, WEBHOOK_STATES, type WebhookState } from './webhook-state.ts';
import { writeAudit } from './write-audit.ts';

/** What somebody asked for, with its health as last settled. */
export interface StoredWebhook {
  readonly id: number;
  readonly uniqueId: string;
  readonly app: number | null;
  /** null: all locations. */
  readonly location: number | null;
  readonly name: string;
  readonly description: string;
  readonly url: string;
  /** Calls at once; null: the service's default. */
  readonly concurrency: number | null;
  /** Action values in order; `'*'`: all. */
  readonly actions: readonly number[] | '*';
  readonly active: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Who changed it last: the email of a person, else a name. */
  readonly updatedBy: string;
  /** What an API client knows it by. */
  readonly systemId: string | null;
  readonly enabledAt: number;
  readonly disabledAt: number | null;
  readonly disabledReason: string | null;
  readonly errorCount: number;
  readonly lastError: string | null;
  readonly lastTriggerAt: number | null;
  readonly failingSince: number | null;
  readonly pausedUntil: number | null;
}

/** What people decide about a webhook. */
export interface WebhookSettings {
  readonly location: number | null;
  readonly name: string;
  readonly description: string;
  readonly url: string;
  readonly concurrency: number | null;
  readonly actions: readonly number[] | '*';
  readonly systemId?: string | null;
}

export async function createWebhook(
  context: OperationContext,
  input: WebhookSettings & { uniqueId: string; app: number | null; active: boolean; by: Who },
): Promise<StoredWebhook> {
  const { tx, now } = context;
  const id = await nextNumber(tx, 'webhook');
  await tx.run(sql`
    insert into webhooks
      (id, unique_id, app_id, location_id, name, description, url, concurrency, active,
       created_at, updated_at, updated_by, system_id, enabled_at, disabled_at, disabled_reason,
       error_count)
    values
      (${id}, ${input.uniqueId}, ${input.app}, ${input.location}, ${input.name},
       ${input.description}, ${input.url}, ${input.concurrency}, ${input.active ? 1 : 0},
       ${now}, ${now}, ${await shownName(tx, input.by)}, ${input.systemId ?? null}, ${now},
       ${input.active ? null : now}, ${input.active ? null : 'person'}, 0)`);
  await subscribe(tx, id, input);
  const { name, app, location, active } = input;
  await writeAudit(context, {
    by: input.by,
    what: 'webhook.created',
    subject: `webhook:${id}`,
    details: { name, app, location, active },
  });
  await nextNumber(tx, 'settings');
  return (await loadWebhook(tx, id))!;
}

/** Undefined if there is none, or it is deleted, or out of bounds. */
export async function getWebhook(
  { tx }: OperationContext,
  { id, bounds = UNBOUNDED }: { id: number; bounds?: Bounds },
): Promise<StoredWebhook | undefined> {
  const webhook = await loadWebhook(tx, id);
  return webhook && isWithin(webhook, bounds) ? webhook : undefined;
}

/**
 * In the order of their ids, those above `after`.
 *
 * Served by the primary key or webhooks_by_location; the rest is tried row by row, 10,000 webhooks
 * in some 15 ms.
 */
export async function listWebhooks(
  { tx }: OperationContext,
  input: {
    after: number;
    limit: number;
    bounds?: Bounds;
    location?: number | undefined;
    action?: number | undefined;
    active?: boolean | undefined;
    state?: WebhookState | undefined;
    /** Part of the name, the URL or the description, in any case (of ASCII letters, on SQLite). */
    text?: string | undefined;
  },
): Promise<StoredWebhook[]> {
  const conditions = [
    andWithin(input.bounds ?? UNBOUNDED),
    input.location === undefined ? empty : sql`and location_id = ${input.location}`,
    input.active === undefined ? empty : sql`and active = ${input.active ? 1 : 0}`,
    input.action === undefined
      ? empty
      : sql`and id in (select webhook_id from subscriptions where action in (0, ${input.action}))`,
    input.state === undefined ? empty : raw(WEBHOOK_STATE_CONDITIONS[input.state]),
    input.text === undefined ? empty : contains(input.text),
  ];
  const rows = await tx.all<WebhookRow>(sql`
    select ${COLUMNS}
    from webhooks w
    where deleted_at is null and id > ${input.after} ${join(conditions, ' ')}
    order by id
    limit ${input.limit}`);
  return withActions(tx, rows);
}

/** How many webhooks within bounds are in each state. A scan: a service has some thousand. */
export async function countWebhooks(
  { tx }: OperationContext,
  { bounds }: { bounds: Bounds },
): Promise<Record<WebhookState, number>> {
  const states = WEBHOOK_STATES.map((state) => {
    const condition = raw(WEBHOOK_STATE_CONDITIONS[state]);
    return sql`count(case when true ${condition} then 1 end) as ${raw(state)}`;
  });
  const row = await tx.first<Record<WebhookState, number>>(sql`
    select ${join(states)}
    from webhooks w
    where deleted_at is null ${andWithin(bounds)}`);
  return { ...row! };
}

/** A webhook that was asked for by its id, and may be gone. */
export type FoundWebhook = StoredWebhook & { readonly isDeleted: boolean };

/** Those of these that are within bounds, also deleted ones. At most some hundred. */
export async function findWebhooks(
  { tx }: OperationContext,
  { ids, bounds = UNBOUNDED }: { ids: readonly number[]; bounds?: Bounds },
): Promise<FoundWebhook[]> {
  if (ids.length === 0) return [];
  const rows = await tx.all<WebhookRow & { deleted_at: number | null }>(sql`
    select ${COLUMNS}, deleted_at
    from webhooks w
    where id in (${join(ids)}) ${andWithin(bounds)}
    order by id`);
  const found = await withActions(tx, rows);
  return found.map((webhook, i) => ({ ...webhook, isDeleted: rows[i]!.deleted_at !== null }));
}

/**
 * Changes what is given. Another URL is another receiver, whose health is not known. Switching on
 * clears the counts: `enabledAt` moves, and failures from before it no longer count for any request.
 */
export async function updateWebhook(
  context: OperationContext,
  input: {
    id: number;
    change: Partial<WebhookSettings> & { active?: boolean | undefined };
    bounds?: Bounds;
    by: Who;
  },
): Promise<StoredWebhook | undefined> {
  const { tx, now } = context;
  // Holds the row before it is read: of two changes at once the second sees the first.
  await tx.run(sql`update webhooks set updated_at = ${now} where id = ${input.id}`);
  const before = await loadWebhook(tx, input.id);
  if (!before || !isWithin(before, input.bounds ?? UNBOUNDED)) return undefined;
  const after = { ...before, ...defined(input.change) };
  await tx.run(sql`
    update webhooks
    set location_id = ${after.location}, name = ${after.name}, description = ${after.description},
      url = ${after.url}, concurrency = ${after.concurrency}, system_id = ${after.systemId},
      updated_at = ${now}, updated_by = ${await shownName(tx, input.by)}
    where id = ${input.id}`);
  if (after.url !== before.url) {
    await tx.run(sql`
      update webhooks
      set error_count = 0, failing_since = null, paused_until = null
      where id = ${input.id}`);
  }
  if (after.active && !before.active) {
    await tx.run(sql`
      update webhooks
      set active = 1, enabled_at = ${now}, disabled_at = null, disabled_reason = null,
        error_count = 0, failing_since = null, paused_until = null
      where id = ${input.id}`);
  }
  if (!after.active && before.active) {
    await tx.run(sql`
      update webhooks
      set active = 0, disabled_at = ${now}, disabled_reason = 'person'
      where id = ${input.id}`);
  }
  if (input.change.actions !== undefined || input.change.location !== undefined) {
    await tx.run(sql`delete from subscriptions where webhook_id = ${input.id}`);
    await subscribe(tx, input.id, after);
  }
  const changed = (await loadWebhook(tx, input.id))!;
  await auditChange(context, { before, after: changed, by: input.by });
  await nextNumber(tx, 'settings');
  return changed;
}

/** From now on no event matches it. Its waiting deliveries are cancelled in slices afterwards. */
export async function deleteWebhook(
  context: OperationContext,
  { id, bounds = UNBOUNDED, by }: { id: number; bounds?: Bounds; by: Who },
): Promise<boolean> {
  const { tx, now } = context;
  const webhook = await loadWebhook(tx, id);
  if (!webhook || !isWithin(webhook, bounds)) return false;
  const deleted = await tx.run(
    sql`update webhooks set deleted_at = ${now} where id = ${id} and deleted_at is null`,
  );
  if (deleted === 0) return false;
  await tx.run(sql`delete from subscriptions where webhook_id = ${id}`);
  await writeAudit(context, {
    by,
    what: 'webhook.deleted',
    subject: `webhook:${id}`,
    details: { name: webhook.name },
  });
  await nextNumber(tx, 'settings');
  return true;
}

/** The names of what changed, and on its own whether it was switched. */
async function auditChange(
  context: OperationContext,
  { before, after, by }: { before: StoredWebhook; after: StoredWebhook; by: Who },
): Promise<void> {
  const subject = `webhook:${before.id}`;
  const fields = SETTINGS.filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  if (fields.length > 0) {
    await writeAudit(context, { by, what: 'webhook.changed', subject, details: { fields } });
  }
  if (after.active && !before.active) {
    await writeAudit(context, { by, what: 'webhook.enabled', subject });
  }
  if (!after.active && before.active) {
    const details = { reason: 'person' };
    await writeAudit(context, { by, what: 'webhook.disabled', subject, details });
  }
}

const SETTINGS = [
  'name',
  'description',
  'url',
  'location',
  'concurrency',
  'actions',
  'systemId',
] as const satisfies readonly (keyof WebhookSettings)[];

function contains(text: string): Sql {
  const pattern = `%${text.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  const within = (column: string) =>
    sql`lower(${raw(column)}) like ${pattern} escape ${raw(String.raw`'\'`)}`;
  return sql`and (${join(['name', 'url', 'description'].map(within), ' or ')})`;
}

async function subscribe(tx: Tx, id: number, settings: WebhookSettings): Promise<void> {
  const actions = settings.actions === '*' ? [0] : settings.actions;
  for (const action of new Set(actions)) {
    await tx.run(sql`
      insert into subscriptions (action, location_id, webhook_id)
      values (${action}, ${settings.location ?? 0}, ${id})`);
  }
}

async function shownName(tx: Tx, by: Who): Promise<string> {
  if (by.kind !== 'person') return by.name;
  const person = await tx.first<{ email: string }>(
    sql`select email from people where id = ${Number(by.id)}`,
  );
  return person?.email ?? by.name;
}

async function loadWebhook(tx: Tx, id: number): Promise<StoredWebhook | undefined> {
  const rows = await tx.all<WebhookRow>(
    sql`select ${COLUMNS} from webhooks where id = ${id} and deleted_at is null`,
  );
  return (await withActions(tx, rows))[0];
}

async function withActions(tx: Tx, rows: readonly WebhookRow[]): Promise<StoredWebhook[]> {
  if (rows.length === 0) return [];
  const subscriptions = await tx.all<{ webhook_id: number; action: number }>(sql`
    select webhook_id, action
    from subscriptions
    where webhook_id in (${join(rows.map((row) => row.id))})
    order by action`);
  const actionsOf = Map.groupBy(subscriptions, (row) => row.webhook_id);
  return rows.map((row) => {
    const actions = (actionsOf.get(row.id) ?? []).map(({ action }) => action);
    return storedWebhook(row, actions.includes(0) ? '*' : actions);
  });
}

function defined<T extends object>(change: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(change).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}

const COLUMNS: Sql = sql`
  id, unique_id, app_id, location_id, name, description, url, concurrency, active, created_at,
  updated_at, updated_by, system_id, enabled_at, disabled_at, disabled_reason, error_count,
  last_error, last_trigger_at, failing_since, paused_until`;

interface WebhookRow {
  id: number;
  unique_id: string;
  app_id: number | null;
  location_id: number | null;
  name: string;
  description: string;
  url: string;
  concurrency: number | null;
  active: number;
  created_at: number;
  updated_at: number;
  updated_by: string;
  system_id: string | null;
  enabled_at: number;
  disabled_at: number | null;
  disabled_reason: string | null;
  error_count: number;
  last_error: string | null;
  last_trigger_at: number | null;
  failing_since: number | null;
  paused_until: number | null;
}

function storedWebhook(row: WebhookRow, actions: readonly number[] | '*'): StoredWebhook {
  return {
    id: row.id,
    uniqueId: row.unique_id,
    app: row.app_id,
    location: row.location_id,
    name: row.name,
    description: row.description,
    url: row.url,
    concurrency: row.concurrency,
    actions,
    active: row.active === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
    systemId: row.system_id,
    enabledAt: row.enabled_at,
    disabledAt: row.disabled_at,
    disabledReason: row.disabled_reason,
    errorCount: row.error_count,
    lastError: row.last_error,
    lastTriggerAt: row.last_trigger_at,
    failingSince: row.failing_since,
    pausedUntil: row.paused_until,
  };
}
