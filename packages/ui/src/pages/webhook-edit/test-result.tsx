import { Button, Loader, Tabs, Text } from '@mantine/core';
import type { Attempt, DeliveryWithAttempts } from '@posthorn/sdk';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { FailedState } from '../../parts/failed-state.tsx';
import { HeaderList } from '../../parts/http/header-list.tsx';
import { inboxOf } from '../../parts/http/inbox-of.ts';
import { RequestLine } from '../../parts/http/request-line.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { JsonView } from '../../parts/json/json-view.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Time } from '../../parts/time.tsx';
import { VisibleText } from '../../parts/visible-text/visible-text.tsx';
import { testCallQuery } from '../../queries/test-calls.ts';
import { texts } from '../../texts/texts.ts';
import { Section } from '../../parts/section.tsx';
import styles from './webhook-edit.module.css';

const words = texts.webhookEdit.test;

interface TestResultProps {
  /** The delivery of the test. */
  readonly delivery: string;
  readonly onAgain: () => void;
  readonly isSending: boolean;
}

/** What became of a test: the call as it was made, and what the receiver answered. */
export function TestResult({ delivery: id, onAgain, isSending }: TestResultProps) {
  const { data: delivery, error, refetch } = useQuery(testCallQuery(id));
  const attempt = delivery?.attemptLog.at(-1);
  return (
    <Section title={words.title}>
      {error !== null && <FailedState error={error} onAgain={() => void refetch()} />}
      <div role="status">{error === null && <Verdict delivery={delivery} attempt={attempt} />}</div>
      {attempt !== undefined && <Exchange attempt={attempt} />}
      {(attempt !== undefined || delivery === null) && (
        <div className={styles.buttons}>
          <Button variant="light" size="compact-sm" loading={isSending} onClick={onAgain}>
            {words.again}
          </Button>
          {attempt !== undefined && (
            <LinkButton
              to="/deliveries/$delivery"
              params={{ delivery: id }}
              variant="subtle"
              size="compact-sm"
            >
              {words.inLog}
            </LinkButton>
          )}
          <InInbox url={attempt?.request.url} />
        </div>
      )}
    </Section>
  );
}

interface VerdictProps {
  readonly delivery: DeliveryWithAttempts | null | undefined;
  readonly attempt: Attempt | undefined;
}

function Verdict({ delivery, attempt }: VerdictProps) {
  if (delivery === null) return <Text c="dimmed">{words.gone}</Text>;
  if (delivery === undefined || attempt === undefined) {
    return (
      <span className={styles.inline}>
        <Loader size="xs" aria-hidden="true" />
        {words.sending}
      </span>
    );
  }
  const { response, error, timings } = attempt;
  if (delivery.state === 'delivered' && response !== null) {
    return (
      <StateBadge mood="good">
        {words.delivered(response.status, Math.round(timings.totalMs))}
      </StateBadge>
    );
  }
  return (
    <div>
      <StateBadge mood="bad">
        {words.failed(response === null ? words.noAnswer : words.answered(response.status))}
      </StateBadge>
      {error?.detail !== null && error !== null && response === null && (
        <Text size="sm">
          <VisibleText text={error.detail} foldAfter={500} />
        </Text>
      )}
      {error?.help !== undefined && <Text size="sm">{error.help}</Text>}
      {delivery.nextAttemptAt !== null && (
        <Text size="sm" c="dimmed">
          {words.nextAt} <Time at={delivery.nextAttemptAt} />
        </Text>
      )}
    </div>
  );
}

function Exchange({ attempt: { request, response } }: { readonly attempt: Attempt }) {
  return (
    <Tabs defaultValue={response === null ? 'call' : 'answer'} keepMounted={false}>
      <Tabs.List>
        <Tabs.Tab value="call">{words.call}</Tabs.Tab>
        {response !== null && <Tabs.Tab value="answer">{words.answer}</Tabs.Tab>}
      </Tabs.List>
      <Tabs.Panel value="call" pt="md" className={styles.stack}>
        <RequestLine method={request.method} url={request.url} />
        <HeaderList headers={request.headers} label={words.call} />
        <JsonView text={request.body} label={words.call} />
      </Tabs.Panel>
      {response !== null && (
        <Tabs.Panel value="answer" pt="md" className={styles.stack}>
          {response.encoding === 'base64' && <p className={styles.note}>{words.binary}</p>}
          {response.body === '' ? (
            <p className={styles.note}>{words.noBody}</p>
          ) : (
            <JsonView text={response.body} label={words.answer} />
          )}
          {response.truncated && <p className={styles.note}>{words.truncated}</p>}
          <HeaderList
            headers={[['status', String(response.status)], ...response.headers]}
            label={words.answer}
          />
        </Tabs.Panel>
      )}
    </Tabs>
  );
}

function InInbox({ url }: { readonly url: string | undefined }) {
  const inbox = url === undefined ? null : inboxOf(url);
  if (inbox === null) return null;
  return (
    <Link to="/inboxes/$inbox" params={{ inbox }}>
      {words.inInbox}
    </Link>
  );
}
