import { Text } from '@mantine/core';
import type { Delivery, DeliveryState } from '@posthorn/sdk';
import type { ReactNode } from 'react';
import { texts } from '../../texts/texts.ts';
import { type Mood, StateBadge } from '../state-badge.tsx';
import { Time } from '../time.tsx';
import { Until, useNow } from '../until.tsx';

const words = texts.deliveries;

/** How a delivery fares, in words and colour, and what comes next. */
export function DeliveryStateBadge({ delivery }: { readonly delivery: Delivery }) {
  return (
    <div>
      <StateBadge mood={moodOf(delivery)}>{words.states[delivery.state]}</StateBadge>{' '}
      <Text span size="sm" c="dimmed">
        <More delivery={delivery} />
      </Text>
    </div>
  );
}

const MOODS: Readonly<Record<Exclude<DeliveryState, 'due'>, Mood>> = {
  held: 'calm',
  sending: 'calm',
  delivered: 'good',
  failed: 'bad',
  cancelled: 'calm',
};

/** One that waits for its first call has met nothing bad so far. */
function moodOf({ state, attempts }: Delivery): Mood {
  if (state === 'due') return attempts === 0 ? 'calm' : 'warn';
  return MOODS[state];
}

function More({ delivery }: { readonly delivery: Delivery }): ReactNode {
  const { state, nextAttemptAt, reason } = delivery;
  switch (state) {
    case 'due':
      return nextAttemptAt !== null && <NextCall at={nextAttemptAt} />;
    case 'held':
      return words.whenSwitchedOn;
    case 'failed':
    case 'cancelled':
      return reason === null ? null : (words.reasons[reason] ?? reason);
    case 'sending':
    case 'delivered':
      return null;
  }
}

/** One whose time has come waits for room, or for the probe of a receiver that is away. */
function NextCall({ at }: { readonly at: string }) {
  if (Date.parse(at) <= useNow()) return words.turn;
  return (
    <>
      {words.nextCall} <Until at={at} /> (<Time at={at} isBrief />)
    </>
  );
}
