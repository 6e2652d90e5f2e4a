import { Text, Title } from '@mantine/core';
import type { Overview, WebhookState } from '@posthorn/sdk';
import { Link } from '@tanstack/react-router';
import { StateBadge } from '../../parts/state-badge.tsx';
import { VisibleText } from '../../parts/visible-text/visible-text.tsx';
import { MOODS, WebhookStateBadge } from '../../parts/webhook-state/webhook-state-badge.tsx';
import { whole } from '../../texts/figures.ts';
import { texts } from '../../texts/texts.ts';
import styles from './overview.module.css';

const words = texts.overview;
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
              <Link to="/webhooks" search={{ state }} className={styles.count}>
                <StateBadge mood={MOODS[state]}>
                  {texts.webhookState.apart[state]}: {whole(counts[state])}
                </StateBadge>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Troubled({ webhook }: { readonly webhook: Overview['attention'][number] }) {
  const { id, name, lastError, waiting } = webhook;
  return (
    <li className={styles.one}>
      <div>
        <Link to="/webhooks/$webhook" params={{ webhook: String(id) }} className={styles.name}>
          <VisibleText text={name} foldAfter={200} />
        </Link>
        {lastError !== null && (
          <Text size="sm" c="dimmed" component="div">
            <VisibleText text={lastError} foldAfter={200} />
          </Text>
        )}
      </div>
      <WebhookStateBadge webhook={webhook} waiting={waiting} />
    </li>
  );
}
