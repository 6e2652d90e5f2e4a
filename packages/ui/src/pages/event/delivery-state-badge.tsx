import type { Delivery, DeliveryState } from '@posthorn/sdk';
import { Text } from '@mantine/core';
import { type Mood, StateBadge } from '../../parts/state-badge.tsx';
import { Time } from '../../parts/time.tsx';
import { texts } from '../../texts/texts.ts';

const MOODS: Readonly<Record<DeliveryState, Mood>> = {
  delivered: 'good',
  sending: 'calm',
  due: 'warn',
  held: 'warn',
  failed: 'bad',
  cancelled: 'calm',
};

/** How far a delivery got, and when it is tried next. */
export function DeliveryStateBadge({ delivery }: { readonly delivery: Delivery }) {
  const { state, nextAttemptAt } = delivery;
  return (
    <div>
      <StateBadge mood={MOODS[state]}>{texts.event.states[state]}</StateBadge>
      {state === 'due' && nextAttemptAt !== null && (
        <Text size="sm" c="dimmed">
          {texts.event.next} <Time at={nextAttemptAt} />
        </Text>
      )}
    </div>
  );
}
