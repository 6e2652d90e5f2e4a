import type { StoredWebhook } from '../store/operations/webhooks.ts';

/** The action that never fires: what webhooks of several actions have instead of one. */
export const NONE = 1;
/** No location has this id: what webhooks at all locations have instead of one. */
export const EVERYWHERE = 0;

/** A webhook as its record, in the order of its published properties. */
export function webhookRecord(webhook: StoredWebhook) {
  return {
    BusinessId: webhook.location ?? EVERYWHERE,
    Name: webhook.name,
    Action: onlyAction(webhook) ?? NONE,
    Description: webhook.description,
    URL: webhook.url,
    Active: webhook.active,
    LastError: webhook.lastError,
    ErrorCount: webhook.errorCount,
    LastTrigger: webhook.lastTriggerAt === null ? null : date(webhook.lastTriggerAt),
    Id: webhook.id,
    UpdatedOn: date(webhook.updatedAt),
    CreatedOn: date(webhook.createdAt),
    UniqueId: webhook.uniqueId,
    UpdatedBy: webhook.updatedBy,
    IsNew: false,
    SystemId: webhook.systemId,
    ToStringText: webhook.name,
    LocalizationDetails: null,
    CustomFields: null,
  };
}

/** The same as it stands in a list, where the description is left out. */
export function listedRecord(webhook: StoredWebhook) {
  const { Description: _, ...listed } = webhookRecord(webhook);
  return listed;
}

/** Null: it has several, or all. */
export function onlyAction({ actions }: StoredWebhook): number | null {
  return actions !== '*' && actions.length === 1 ? actions[0]! : null;
}

/** `2022-05-13T23:00:00Z`: whole seconds. */
export function date(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
