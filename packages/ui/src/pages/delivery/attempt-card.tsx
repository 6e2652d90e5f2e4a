import { UnstyledButton } from '@mantine/core';
import type { Attempt } from '@posthorn/sdk';
import { useId, useState } from 'react';
import { JsonView } from '../../parts/json/json-view.tsx';
import { type Mood, StateBadge } from '../../parts/state-badge.tsx';
import { Time } from '../../parts/time.tsx';
import { VisibleText } from '../../parts/visible-text/visible-text.tsx';
import { millisecondsInWords } from '../../texts/durations.ts';
import { texts } from '../../texts/texts.ts';
import styles from './attempt-card.module.css';
import { CertificateFacts, CertificateSentence, isAboutDates } from './certificate.tsx';
import { Headers } from './headers.tsx';
import { Waterfall } from './waterfall.tsx';

const words = texts.delivery;

interface AttemptCardProps {
  readonly attempt: Attempt;
  readonly isOpenAtFirst: boolean;
}

/** One call: how it went in a line, and everything about it below. */
export function AttemptCard({ attempt, isOpenAtFirst }: AttemptCardProps) {
  const { number, startedAt, response, timings } = attempt;
  const [isOpen, setOpen] = useState(isOpenAtFirst);
  const content = useId();
  return (
    <article className={styles.card}>
      <h3 className={styles.title}>
        <UnstyledButton
          className={styles.summary}
          aria-expanded={isOpen}
          aria-controls={content}
          onClick={() => setOpen(!isOpen)}
        >
          <StateBadge mood={moodOf(attempt)}>{words.attempt(number)}</StateBadge>
          <span>{response === null ? words.noAnswer : words.answered(response.status)}</span>
          <span className={styles.quiet}>
            <Time at={startedAt} />, {millisecondsInWords(timings.totalMs)}
          </span>
        </UnstyledButton>
      </h3>
      <div id={content} hidden={!isOpen}>
        {isOpen && <Details attempt={attempt} />}
      </div>
    </article>
  );
}

/** A call that was answered well counts, even if the rest of its answer could not be read. */
function moodOf({ error }: Attempt): Mood {
  if (error === null) return 'good';
  return error.code === 'body_error' ? 'warn' : 'bad';
}

function Details({ attempt }: { readonly attempt: Attempt }) {
  const { request, response, error } = attempt;
  return (
    <div className={styles.details}>
      {error !== null && <Problem url={request.url} error={error} />}
      <section aria-label={words.timings}>
        <h4 className={styles.heading}>{words.timings}</h4>
        <Waterfall attempt={attempt} />
      </section>
      <section aria-label={words.response}>
        <h4 className={styles.heading}>{words.response}</h4>
        {response === null ? (
          <p className={styles.note}>{words.noResponse}</p>
        ) : (
          <Response response={response} />
        )}
      </section>
      <section aria-label={words.request}>
        <h4 className={styles.heading}>{words.request}</h4>
        <p className={styles.line}>
          {request.method} <VisibleText text={request.url} />
        </p>
        <Headers headers={request.headers} label={words.requestHeaders} />
        <details className={styles.body}>
          <summary>{words.body}</summary>
          <JsonView text={request.body} label={words.requestBody} />
        </details>
      </section>
    </div>
  );
}

interface ProblemProps {
  readonly url: string;
  readonly error: NonNullable<Attempt['error']>;
}

/** What went wrong, and what to do about it. */
function Problem({ url, error: { code, detail, help, certificate } }: ProblemProps) {
  return (
    <div className={styles.problem} data-mood={code === 'body_error' ? 'warn' : 'bad'}>
      <p className={styles.problemTitle}>
        <VisibleText text={words.failed(new URL(url).host)} />
        {': '}
        {certificate !== null && isAboutDates(certificate) ? (
          <CertificateSentence certificate={certificate} />
        ) : (
          <VisibleText text={detail ?? code} />
        )}
      </p>
      {help !== null && (
        <p className={styles.help}>
          <strong>{words.whatToDo}:</strong> {help}
        </p>
      )}
      {certificate !== null && <CertificateFacts certificate={certificate} />}
    </div>
  );
}

function Response({ response }: { readonly response: NonNullable<Attempt['response']> }) {
  const { status, headers, body, encoding, truncated } = response;
  return (
    <>
      <p className={styles.line}>{words.answered(status)}</p>
      <Headers headers={headers} label={words.responseHeaders} />
      {encoding === 'base64' && <p className={styles.note}>{words.binary}</p>}
      {truncated && <p className={styles.note}>{words.truncated}</p>}
      {body === '' ? (
        <p className={styles.note}>{words.emptyBody}</p>
      ) : (
        <JsonView text={body} label={words.responseBody} />
      )}
    </>
  );
}
