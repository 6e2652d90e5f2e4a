import type { Webhook, WebhookChange, WebhookInput } from '@posthorn/sdk';
import { texts } from '../../texts/texts.ts';

/** A webhook as the form has it. Fields that the API knows have its names, for its errors. */
export interface Fields extends Record<string, unknown> {
  readonly name: string;
  readonly description: string;
  readonly url: string;
  /** Names; kept while `isEvery` is chosen, for those who change their mind. */
  readonly actions: readonly string[];
  readonly isEvery: boolean;
  /** Kept while all locations are chosen. */
  readonly location: number | null;
  readonly isEverywhere: boolean;
  readonly concurrency: number | '';
  readonly active: boolean;
  readonly held: 'send' | 'drop';
}

export function fieldsOf(webhook: Webhook): Fields {
  const isEvery = webhook.actions[0] === '*';
  return {
    name: webhook.name,
    description: webhook.description,
    url: webhook.url,
    actions: isEvery ? [] : webhook.actions,
    isEvery,
    location: webhook.location,
    isEverywhere: webhook.location === null,
    concurrency: webhook.concurrency ?? '',
    active: webhook.active,
    held: 'send',
  };
}

/** Everything that a webhook is made of. */
export function inputOf(fields: Fields): WebhookInput {
  return {
    name: fields.name.trim(),
    description: fields.description,
    url: fields.url.trim(),
    actions: fields.isEvery ? ['*'] : fields.actions,
    location: placeOf(fields),
    concurrency: fields.concurrency === '' ? null : fields.concurrency,
    active: fields.active,
  };
}

/** What differs from how the webhook is; null: nothing does. */
export function changeOf(fields: Fields, webhook: Webhook): WebhookChange | null {
  const before = inputOf(fieldsOf(webhook));
  const changed = Object.entries(inputOf(fields)).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key as keyof WebhookInput]),
  );
  if (changed.length === 0) return null;
  const change = Object.fromEntries(changed) as WebhookChange;
  return change.active === true ? { ...change, held: fields.held } : change;
}

/** Where it is; null: everywhere, or nowhere yet. */
export function placeOf({ isEverywhere, location }: Fields): number | null {
  return isEverywhere ? null : location;
}

const words = texts.webhookEdit;

/** What can be said without asking the service. */
export const checks = {
  name: (name: string) => (name.trim() === '' ? words.nameMissing : null),
  url: (url: string) => (url.trim() === '' ? words.url.missing : null),
  actions: (actions: readonly string[], { isEvery }: Fields) =>
    isEvery || actions.length > 0 ? null : words.actions.missing,
  location: (location: number | null, { isEverywhere }: Fields) =>
    isEverywhere || location !== null ? null : words.location.missing,
};
