import { Button, Loader, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { posthorn } from '../../api/client.ts';
import { sentenceOf } from '../../api/problems.ts';
import { inboxOf } from '../../parts/http/inbox-of.ts';
import { urlCheckQuery } from '../../queries/drafts.ts';
import { texts } from '../../texts/texts.ts';
import styles from './webhook-edit.module.css';

const words = texts.webhookEdit.url;

/** After the last key: what is half typed needs no verdict. */
const PAUSE_MS = 350;

interface UrlFieldProps {
  readonly url: string;
  readonly onUrl: (url: string) => void;
  /** Where the webhook is: its secret is the one that a test inbox checks with. */
  readonly location: number | null;
  /** What the API said when the form was sent. */
  readonly error: ReactNode;
}

/** The address, judged while it is typed as it will be judged before every call. */
export function UrlField({ url, onUrl, location, error }: UrlFieldProps) {
  const [isTyping, setTyping] = useState(false);
  const [settled] = useDebouncedValue(url.trim(), PAUSE_MS);
  const check = useQuery({ ...urlCheckQuery(settled), enabled: settled !== '' });
  const isCurrent = settled === url.trim();
  const verdict = isCurrent && settled !== '' ? check.data : undefined;
  const refusal = verdict?.problem?.detail;
  const inbox = inboxOf(url);
  const makeInbox = useMutation({
    mutationFn: () =>
      posthorn.inboxes.create({
        ...(location !== null && { secretScope: `location:${location}` as const }),
      }),
    onSuccess: (made) => onUrl(made.url),
  });

  return (
    <div className={styles.url}>
      <TextInput
        label={words.label}
        description={words.hint}
        placeholder={words.placeholder}
        type="url"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        value={url}
        onChange={({ currentTarget: { value } }) => onUrl(value)}
        onFocus={() => setTyping(true)}
        onBlur={() => setTyping(false)}
        error={error ?? (refusal !== undefined && !isTyping)}
        rightSection={check.isFetching ? <Loader size="xs" aria-hidden="true" /> : undefined}
      />
      <div role="status">
        {error === undefined && (
          <Said
            isChecking={url.trim() !== '' && (!isCurrent || check.isFetching)}
            refusal={refusal}
            isTyping={isTyping}
            warning={verdict?.warnings[0]?.detail}
            isGood={verdict?.ok === true}
            problem={check.error ?? makeInbox.error}
          />
        )}
      </div>
      {refusal !== undefined && (
        <details className={styles.why}>
          <summary>{words.why}</summary>
          <p>{words.because}</p>
        </details>
      )}
      <div className={styles.inline}>
        {inbox === null ? (
          <>
            <Button
              variant="light"
              size="compact-sm"
              loading={makeInbox.isPending}
              onClick={() => makeInbox.mutate()}
            >
              {words.inbox}
            </Button>
            <span className={styles.note}>{words.inboxHint}</span>
          </>
        ) : (
          <span className={styles.note}>
            {words.isInbox}{' '}
            <Link to="/inboxes/$inbox" params={{ inbox }} target="_blank">
              {words.openInbox}
            </Link>
          </span>
        )}
      </div>
    </div>
  );
}

interface SaidProps {
  readonly isChecking: boolean;
  readonly refusal: string | undefined;
  readonly isTyping: boolean;
  readonly warning: string | undefined;
  readonly isGood: boolean;
  readonly problem: unknown;
}

/** The verdict, below the field: in one place whether somebody still types there or not. */
function Said({ isChecking, refusal, isTyping, warning, isGood, problem }: SaidProps) {
  const [mood, text] = ((): [string, string] => {
    if (isChecking) return ['calm', words.checking];
    if (problem !== null) return ['bad', sentenceOf(problem)];
    if (refusal !== undefined) return [isTyping ? 'warn' : 'bad', refusal];
    if (warning !== undefined) return ['warn', warning];
    return isGood ? ['good', words.good] : ['calm', ''];
  })();
  if (text === '') return null;
  return (
    <p className={styles.said} data-mood={mood}>
      {text}
    </p>
  );
}
