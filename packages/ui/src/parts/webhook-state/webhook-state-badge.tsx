import { Text } from '@mantine/core';
import type { Webhook, WebhookState } from '@posthorn/sdk';
import { type Mood, StateBadge } from '../../parts/state-badge.tsx';
import { Time } from '../../parts/time.tsx';
import { texts } from '../../texts/texts.ts';

const MOODS: Readonly<Record<WebhookState, Mood>> = {
  healthy: 'good',
  failing: 'warn',
  open: 'bad',
  disabled: 'bad',
  off: 'calm',
};

/** How a webhook fares, and since when. */
export function WebhookStateBadge({ webhook }: { readonly webhook: Webhook }) {
  const { state, failingSince, disabledAt, errorCount } = webhook;
  const since =
    state === 'failing' || state === 'open'
      ? failingSince
      : state === 'disabled'
        ? disabledAt
        : null;
  return (
    <div>
      <StateBadge mood={MOODS[state]}>{texts.webhooks.states[state]}</StateBadge>
      {since !== null && (
        <Text size="sm" c="dimmed">
          {texts.webhooks.since} <Time at={since} />
          {errorCount > 0 && <>, {texts.webhooks.failedCalls(errorCount)}</>}
        </Text>
      )}
    </div>
  );
}
