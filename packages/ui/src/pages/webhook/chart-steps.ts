import type { WebhookHealth } from '@posthorn/sdk';

/** One step of time, as it is drawn. */
export interface ChartStep {
  readonly at: string;
  /** The time in the reader's zone, as long as its step needs. */
  readonly label: string;
  readonly calls: number;
  readonly delivered: number;
  /** Failed calls that are followed by another. */
  readonly retried: number;
  /** The last calls of deliveries that were given up. */
  readonly failed: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

const HOUR_MS = 3_600_000;

const MOMENT = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const DAY_AND_HOUR = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });

/** Every call is in one of three outcomes. */
export function chartStepsOf(steps: WebhookHealth['steps'], stepMs: number): ChartStep[] {
  const format = stepMs <= HOUR_MS ? MOMENT : stepMs < 24 * HOUR_MS ? DAY_AND_HOUR : DAY;
  return steps.map(({ at, calls, failedCalls, failed, p50Ms, p95Ms }) => ({
    at,
    label: format.format(new Date(at)),
    calls,
    delivered: calls - failedCalls,
    retried: Math.max(0, failedCalls - failed),
    failed: Math.min(failed, failedCalls),
    p50Ms,
    p95Ms,
  }));
}
