import { SegmentedControl } from '@mantine/core';
import type { Overview as Figures } from '@posthorn/sdk';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useLive } from '../../api/live.ts';
import { useReadAgain } from '../../api/read-again.ts';
import { FailedState } from '../../parts/failed-state.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { overviewQuery } from '../../queries/overview.ts';
import { texts } from '../../texts/texts.ts';
import { Attention } from './attention.tsx';
import { FirstSteps } from './first-steps.tsx';
import { Lately } from './lately.tsx';
import styles from './overview.module.css';
import { Waiting } from './waiting.tsx';

const route = getRouteApi('/in/');
const words = texts.overview;

/** How everything does now, and what needs a person. */
export function Overview() {
  const { span = 'hour' } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: figures, error, refetch } = useQuery(overviewQuery);
  // Figures are asked for again and again; that a webhook needs somebody is seen at once.
  useLive({ kinds: ['webhook'] }, useReadAgain(overviewQuery.queryKey));

  return (
    <>
      <PageTitle title={words.title} lead={words.lead}>
        <SegmentedControl
          aria-label={words.span}
          value={span}
          onChange={(chosen) => void navigate({ search: { span: chosen }, replace: true })}
          data={[
            { value: 'minute', label: words.spans.minute },
            { value: 'hour', label: words.spans.hour },
            { value: 'day', label: words.spans.day },
          ]}
        />
      </PageTitle>
      {error !== null && figures === undefined && (
        <FailedState error={error} onAgain={() => void refetch()} />
      )}
      {figures !== undefined && isNew(figures) && <FirstSteps hasWebhooks={hasWebhooks(figures)} />}
      {/* The frames of the figures stand there from the beginning, so that nothing jumps. */}
      {error === null && <Lately lately={figures?.[span]} />}
      {figures !== undefined && (
        <div className={styles.columns}>
          <Attention webhooks={figures.attention} counts={figures.webhooks} />
          <Waiting waiting={figures.waiting} />
        </div>
      )}
    </>
  );
}

/** Whether there is a step to be taken before figures mean anything. */
function isNew(figures: Figures): boolean {
  const isIdle = figures.day.calls === 0 && (figures.day.events ?? 0) === 0;
  return !hasWebhooks(figures) || isIdle;
}

function hasWebhooks({ webhooks }: Figures): boolean {
  return Object.values(webhooks).some((number) => number > 0);
}
