import { Select, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import type { CallPreview, PreviewInput } from '@posthorn/sdk';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { FailedState } from '../../parts/failed-state.tsx';
import { HeaderList } from '../../parts/http/header-list.tsx';
import { RequestLine } from '../../parts/http/request-line.tsx';
import { JsonView } from '../../parts/json/json-view.tsx';
import { actionsQuery } from '../../queries/actions.ts';
import { previewQuery } from '../../queries/drafts.ts';
import { texts } from '../../texts/texts.ts';
import { Section } from '../../parts/section.tsx';
import styles from './webhook-edit.module.css';

const words = texts.webhookEdit.preview;

const PAUSE_MS = 300;
/** Stands for a URL that is not there yet. */
const SOME_URL = 'https://receiver.example/webhooks';

interface PreviewProps {
  /** Names; `['*']` for all. */
  readonly actions: readonly string[];
  readonly url: string;
  readonly location: number | null;
  /** The one that is edited; undefined: there is none yet. */
  readonly webhook: number | undefined;
}

/** The call that this webhook will make, as the form stands. */
export function Preview({ actions, url, location, webhook }: PreviewProps) {
  const [wanted, setWanted] = useState<string | null>(null);
  const isAny = actions[0] === '*' || actions.length === 0;
  const action = wanted !== null && (isAny || actions.includes(wanted)) ? wanted : undefined;
  const [draft] = useDebouncedValue<PreviewInput>(
    {
      actions: isAny ? ['*'] : actions,
      url: URL.canParse(url.trim()) ? url.trim() : SOME_URL,
      location,
      ...(action !== undefined && { action }),
      ...(webhook !== undefined && { webhook }),
    },
    PAUSE_MS,
  );
  const { data: call, error, refetch } = useQuery(previewQuery(draft));

  return (
    <Section title={words.title} lead={words.lead}>
      {error !== null && <FailedState error={error} onAgain={() => void refetch()} />}
      {error === null && call !== undefined && (
        <>
          <SampleChoice
            among={isAny ? null : actions}
            action={call.action}
            onChoose={(name) => setWanted(name)}
          />
          <Call call={call} />
        </>
      )}
    </Section>
  );
}

interface SampleChoiceProps {
  /** Null: all. */
  readonly among: readonly string[] | null;
  readonly action: string;
  readonly onChoose: (action: string | null) => void;
}

function SampleChoice({ among, action, onChoose }: SampleChoiceProps) {
  const { data: actions = [] } = useQuery(actionsQuery);
  const offered = actions.filter(({ name }) => among === null || among.includes(name));
  if (offered.length < 2) return null;
  return (
    <Select
      label={words.sample}
      data={offered.map(({ name, label }) => ({ value: name, label }))}
      value={action}
      onChange={onChoose}
      searchable
      allowDeselect={false}
    />
  );
}

function Call({ call: { method, url, headers, body, signed } }: { readonly call: CallPreview }) {
  return (
    <>
      <RequestLine method={method} url={url} />
      <div>
        <h3 className={styles.heading}>{words.headers}</h3>
        <HeaderList headers={headers} label={words.headers} />
      </div>
      {signed ? (
        <Text size="sm" c="dimmed">
          {words.signed}
        </Text>
      ) : (
        <p className={styles.said} data-mood="warn">
          {words.unsigned} <Link to="/settings/integrations">{words.setSecret}</Link>
        </p>
      )}
      <div>
        <h3 className={styles.heading}>{words.body}</h3>
        <JsonView text={body} label={words.body} />
      </div>
    </>
  );
}
