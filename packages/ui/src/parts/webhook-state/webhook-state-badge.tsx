import { Text } from '@mantine/core';
import type { Webhook, WebhookState } from '@posthorn/sdk';
import type { ReactNode } from 'react';
import { texts } from '../../texts/texts.ts';
import { type Mood, StateBadge } from '../state-badge.tsx';
import { isToday, Time } from '../time.tsx';
import { Until } from '../until.tsx';

/** In the order in which states are counted. */
export const MOODS: Readonly<Record<WebhookState, Mood>> = {
  healthy: 'good',
  failing: 'warn',
  open: 'warn',
  disabled: 'bad',
  off: 'calm',
};

const words = texts.webhookState;

interface WebhookStateProps {
  readonly webhook: Webhook;
  /** Deliveries that wait for it, if that is known. */
  readonly waiting?: number;
  /** When the first of them is sent. */
  readonly nextAttemptAt?: string | null;
}

/** How a webhook fares, in words and colour: since when, what comes next, and what waits. */
export function WebhookStateBadge({ webhook, waiting = 0, nextAttemptAt }: WebhookStateProps) {
  const { state } = webhook;
  return (
    <div>
      <StateBadge mood={MOODS[state]}>{words.states[state]}</StateBadge>{' '}
      <Text span size="sm" c="dimmed">
        <More webhook={webhook} nextAt={webhook.nextProbeAt ?? nextAttemptAt ?? null} />
        {/* One that delivers has something on its way now and then, which is no news. */}
        {state !== 'healthy' && waiting > 0 && `: ${words.waiting(waiting)}`}
      </Text>
    </div>
  );
}

interface MoreProps {
  readonly webhook: Webhook;
  readonly nextAt: string | null;
}

function More({ webhook, nextAt }: MoreProps): ReactNode {
  const { state, failingSince, disabledAt, disabledReason, errorCount } = webhook;
  switch (state) {
    case 'healthy':
      return null;
    case 'failing':
    case 'open':
      return (
        <>
          {words.since} <Time at={failingSince} isBrief />
          {nextAt !== null && (
            <>
              , {words.nextTry} <Until at={nextAt} />
            </>
          )}
        </>
      );
    case 'disabled':
      return (
        <>
          {disabledReason !== 'gone' && `${words.afterFailures(errorCount)} `}
          <Moment at={disabledAt} />
          {disabledReason === 'gone' && words.becauseGone}
        </>
      );
    case 'off':
      return (
        <>
          {words.byPerson} <Moment at={disabledAt} />
        </>
      );
  }
}

/** `at 10:42`, `on 3 Nov` */
function Moment({ at }: { readonly at: string | null }) {
  if (at === null) return null;
  return (
    <>
      {isToday(new Date(at)) ? words.at : words.on} <Time at={at} isBrief />
    </>
  );
}
