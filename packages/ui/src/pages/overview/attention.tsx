import { Text, Title } from '@mantine/core';
import type { Overview, Webhook, WebhookState } from '@posthorn/sdk';
import { Link } from '@tanstack/react-router';
import { type Mood, StateBadge } from '../../parts/state-badge.tsx';
import { Time } from '../../parts/time.tsx';
import { VisibleText } from '../../parts/visible-text/visible-text.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './overview.module.css';

const words = texts.overview;

/** In the order in which they are counted below. */
const MOODS: Readonly<Record<WebhookState, Mood>> = {
  healthy: 'good',
  failing: 'warn',
  open: 'warn',
  disabled: 'bad',
  off: 'calm',
};
const STATES = Object.keys(MOODS) as readonly WebhookState[];

interface AttentionProps {
  readonly webhooks: Overview['attention'];
  readonly counts: Overview['webhooks'];
}

/** The webhooks that need somebody, worst first, and how many there are of every state. */
export function Attention({ webhooks, counts }: AttentionProps) {
  const shown = STATES.filter((state) => counts[state] > 0);
  return (
    <section className={styles.card} aria-labelledby="overview-attention">
      <Title order={2} size="h4" id="overview-attention">
        {words.attention}
      </Title>
      {webhooks.length === 0 && <Text c="dimmed">{words.nobodyNeeded}</Text>}
      {webhooks.length > 0 && (
        <ul className={styles.troubled}>
          {webhooks.map((webhook) => (
            <Troubled key={webhook.id} webhook={webhook} />
          ))}
        </ul>
      )}
      {shown.length > 0 && (
        <ul className={styles.counts} aria-label={words.byState}>
          {shown.map((state) => (
            <li key={state}>
              <StateBadge mood={MOODS[state]}>{words.counts[state](counts[state])}</StateBadge>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Troubled({ webhook }: { readonly webhook: Overview['attention'][number] }) {
  const { id, name, state, lastError, waiting } = webhook;
  const since = sinceOf(webhook);
  return (
    <li className={styles.one}>
      <div>
        <Link to="/webhooks/$webhook" params={{ webhook: String(id) }} className={styles.link}>
          <VisibleText text={name} foldAfter={200} />
        </Link>
        {lastError !== null && (
          <Text size="sm" c="dimmed" component="div">
            <VisibleText text={lastError} foldAfter={200} />
          </Text>
        )}
      </div>
      <div>
        <StateBadge mood={MOODS[state]}>{words.states[state]}</StateBadge>
        <Text size="sm" c="dimmed">
          {since !== null && (
            <>
              {words.since} <Time at={since} />
            </>
          )}
          {waiting > 0 && (
            <>
              {since !== null && ', '}
              {words.waitFor(waiting)}
            </>
          )}
        </Text>
      </div>
    </li>
  );
}

function sinceOf({ state, disabledAt, failingSince }: Webhook): string | null {
  return state === 'disabled' ? disabledAt : failingSince;
}
