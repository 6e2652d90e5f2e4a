import { SegmentedControl, Skeleton, Title } from '@mantine/core';
import type { Summary } from '@posthorn/sdk';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { FailedState } from '../../parts/failed-state.tsx';
import { healthQuery, type Span, SPANS } from '../../queries/webhook-health.ts';
import { duration, share, whole } from '../../texts/figures.ts';
import { texts } from '../../texts/texts.ts';
import styles from './health.module.css';
import page from './webhook.module.css';

const route = getRouteApi('/in/webhooks/$webhook');
const words = texts.webhook;

/** The library that draws is larger than everything else on the page. */
const HealthCharts = lazy(async () => {
  const { HealthCharts: charts } = await import('./health-charts.tsx');
  return { default: charts };
});

interface HealthProps {
  readonly webhook: number;
  readonly span: Span;
}

/** How its calls went over time, in numbers and drawn. */
export function Health({ webhook, span }: HealthProps) {
  const navigate = route.useNavigate();
  const {
    data: health,
    error,
    refetch,
  } = useQuery({ ...healthQuery(webhook, span), placeholderData: keepPreviousData });

  return (
    <section className={page.section} aria-labelledby="health">
      <div className={page.head}>
        <Title order={2} size="h4" id="health">
          {words.health}
        </Title>
        <SegmentedControl
          size="xs"
          aria-label={words.span}
          value={span}
          onChange={(value) =>
            void navigate({
              search: (search) => ({ ...search, span: value }),
              replace: true,
              resetScroll: false,
            })
          }
          data={SPANS.map((value) => ({ value, label: words.spans[value] }))}
        />
      </div>
      {health === undefined ? (
        error === null ? (
          <Skeleton className={styles.waiting} />
        ) : (
          <FailedState error={error} onAgain={() => void refetch()} />
        )
      ) : (
        <>
          <Totals totals={health.totals} />
          {health.totals.calls === 0 ? (
            <p className={styles.none}>
              <strong>{words.noCallsTitle}.</strong> {words.noCalls}
            </p>
          ) : (
            <Suspense fallback={<Skeleton className={styles.waiting} />}>
              <HealthCharts steps={health.steps} stepMs={health.stepMs} />
            </Suspense>
          )}
        </>
      )}
    </section>
  );
}

function Totals({ totals }: { readonly totals: Summary }) {
  const { calls, successShare, delivered, failed, p50Ms, p95Ms } = totals;
  return (
    <dl className={styles.totals}>
      <Total name={words.calls} value={whole(calls)} />
      <Total name={words.success} value={share(successShare)} />
      <Total name={words.delivered} value={whole(delivered)} />
      <Total name={words.failed} value={whole(failed)} isBad={failed > 0} />
      <Total name={words.p50} value={duration(p50Ms)} />
      <Total name={words.p95} value={duration(p95Ms)} />
    </dl>
  );
}

interface TotalProps {
  readonly name: string;
  readonly value: string;
  readonly isBad?: boolean;
}

function Total({ name, value, isBad = false }: TotalProps) {
  return (
    <div className={styles.total} data-bad={isBad || undefined}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
