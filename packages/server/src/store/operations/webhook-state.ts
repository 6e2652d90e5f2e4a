import { OPEN_AFTER } from './hot.ts';

/**
 * What people see of a webhook. `off`: by a person; `disabled`: by its failures or its receiver;
 * `open`: failing for so long that its deliveries wait while one at a time tries.
 */
export const WEBHOOK_STATES = ['healthy', 'failing', 'open', 'off', 'disabled'] as const;
export type WebhookState = (typeof WEBHOOK_STATES)[number];

export function webhookState(webhook: {
  readonly active: boolean;
  readonly disabledReason: string | null;
  readonly errorCount: number;
}): WebhookState {
  if (!webhook.active) return webhook.disabledReason === 'person' ? 'off' : 'disabled';
  if (webhook.errorCount >= OPEN_AFTER) return 'open';
  return webhook.errorCount > 0 ? 'failing' : 'healthy';
}

/** The same, as conditions on a row of `webhooks`. */
export const WEBHOOK_STATE_CONDITIONS: Readonly<Record<WebhookState, string>> = {
  healthy: `and active = 1 and error_count = 0`,
  failing: `and active = 1 and error_count > 0 and error_count < ${OPEN_AFTER}`,
  open: `and active = 1 and error_count >= ${OPEN_AFTER}`,
  off: `and active = 0 and disabled_reason = 'person'`,
  disabled: `and active = 0 and disabled_reason <> 'person'`,
};
