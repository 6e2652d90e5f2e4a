import { Button, Group, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { sentenceOf } from '../../api/problems.ts';
import { FormProblem } from '../../parts/form-problem.tsx';
import { LinkButton } from '../../parts/link-button.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { Section } from '../../parts/section.tsx';
import { actionsQuery } from '../../queries/actions.ts';
import { texts } from '../../texts/texts.ts';
import { Arrival } from './arrival.tsx';
import styles from './first-run.module.css';
import { Steps } from './steps.tsx';
import { NotArrived, useFirstWebhook } from './use-first-webhook.ts';

const words = texts.firstRun;

/** Where the first person arrives: one button makes a webhook and shows a call that it makes. */
export function FirstRun() {
  const { data: actions = [] } = useQuery(actionsQuery);
  const [action, setAction] = useState('BookingCreate');
  const { start, step, arrived, error, isPending } = useFirstWebhook(words.name);

  return (
    <div className={styles.page}>
      <PageTitle title={words.title} lead={words.lead} />
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          start(action);
        }}
      >
        <Select
          label={words.action}
          description={words.actionHint}
          data={actions.map(({ name, label }) => ({ value: name, label }))}
          value={action}
          onChange={(chosen) => chosen !== null && setAction(chosen)}
          disabled={isPending || arrived !== undefined}
          allowDeselect={false}
          searchable
        />
        <FormProblem problem={problemOf(error)} />
        {arrived === undefined && (
          <Group>
            <Button type="submit" loading={isPending}>
              {words.start}
            </Button>
            <LinkButton to="/" variant="subtle">
              {words.skip}
            </LinkButton>
          </Group>
        )}
      </form>
      {step !== null && (
        <Section title={words.progress}>
          <Steps at={step} isFailed={error !== null} isDone={arrived !== undefined} />
        </Section>
      )}
      {arrived !== undefined && <Arrival arrived={arrived} />}
    </div>
  );
}

function problemOf(error: Error | null): string | undefined {
  if (error === null) return undefined;
  return error instanceof NotArrived ? words.notArrived : sentenceOf(error);
}
