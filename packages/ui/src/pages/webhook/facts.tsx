import type { WebhookWithWaiting } from '@posthorn/sdk';
import { Link } from '@tanstack/react-router';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Fact, FactList } from '../../parts/fact-list.tsx';
import { LocationName } from '../../parts/location-name.tsx';
import { Time } from '../../parts/time.tsx';
import { Until } from '../../parts/until.tsx';
import { VisibleText } from '../../parts/visible-text/visible-text.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './webhook.module.css';

const words = texts.webhook;

/** How many actions are named before the rest is counted. */
const NAMED_ACTIONS = 8;

interface FactsProps {
  readonly webhook: WebhookWithWaiting;
  readonly nextAttemptAt: string | null;
}

/** What was asked for, and what waits. */
export function Facts({ webhook, nextAttemptAt }: FactsProps) {
  const { url, actions, location, description, concurrency } = webhook;
  const { waiting, lastTrigger, createdAt } = webhook;
  return (
    <FactList>
      <Fact name={words.url} isWide>
        <span className={styles.url}>
          <VisibleText text={url} foldAfter={500} /> <CopyButton text={url} />
        </span>
      </Fact>
      <Fact name={words.actions} isWide={actions.length > 1}>
        <ActionNames actions={actions} />
      </Fact>
      <Fact name={words.location}>
        <LocationName id={location} />
      </Fact>
      <Fact name={words.waiting}>
        {waiting === 0 ? words.nothingWaits : words.waitingNow(waiting)}
        {nextAttemptAt !== null && (
          <>
            , {words.next} <Until at={nextAttemptAt} />
          </>
        )}
      </Fact>
      <Fact name={words.lastTrigger}>
        <Time at={lastTrigger} />
      </Fact>
      <Fact name={words.concurrency}>{concurrency ?? words.usual}</Fact>
      <Fact name={words.createdAt}>
        <Time at={createdAt} />
      </Fact>
      {description !== '' && (
        <Fact name={words.description} isWide>
          <VisibleText text={description} foldAfter={500} />
        </Fact>
      )}
    </FactList>
  );
}

function ActionNames({ actions }: { readonly actions: readonly string[] }) {
  if (actions[0] === '*') return words.everyAction;
  const others = actions.length - NAMED_ACTIONS;
  return (
    <>
      {actions.slice(0, NAMED_ACTIONS).map((action, index) => (
        <span key={action}>
          {index > 0 && ', '}
          <Link to="/catalogue/$action" params={{ action }}>
            {action}
          </Link>
        </span>
      ))}
      {others > 0 && ` ${words.moreActions(others)}`}
    </>
  );
}
