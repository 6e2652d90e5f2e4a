import { queryOptions } from '@tanstack/react-query';
import { posthorn } from '../api/client.ts';

/** Times of a chart, up to now. */
export const SPANS = ['hour', 'day', 'week', 'month'] as const;
export type Span = (typeof SPANS)[number];

const HOUR_MS = 3_600_000;

const SPAN_MS: Readonly<Record<Span, number>> = {
  hour: HOUR_MS,
  day: 24 * HOUR_MS,
  week: 7 * 24 * HOUR_MS,
  month: 30 * 24 * HOUR_MS,
};

/** As long as a bar of the chart is. */
const STEPS = { hour: '1m', day: '1h', week: '6h', month: '1d' } as const;

/** What is counted is some seconds old anyway. */
const AGAIN_MS = 5000;

/** How its calls went, read again while it is shown. */
export const healthQuery = (id: number, span: Span) =>
  queryOptions({
    queryKey: ['webhooks', 'health', id, span],
    queryFn: ({ signal }) =>
      posthorn.webhooks.health(id, {
        from: Date.now() - SPAN_MS[span],
        step: STEPS[span],
        signal,
      }),
    refetchInterval: AGAIN_MS,
  });
