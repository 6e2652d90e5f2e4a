import type { Bounds } from '../store/bounds.ts';
import { SPANS } from '../store/operations/spans.ts';
import type { SpanCounts } from '../store/operations/tallies.ts';
import type { Store } from '../store/store.ts';
import { type Step, stepsOf, type Summary, summaryOf } from './summary.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How a webhook did, in steps and in all. */
export interface WebhookHealth {
  readonly steps: readonly Step[];
  readonly totals: Summary;
}

/** `stepMs` is as long as a span, or several. */
export async function readHealth(
  store: Store,
  {
    webhook,
    from,
    to,
    stepMs,
  }: {
    readonly webhook: number;
    readonly from: number;
    readonly to: number;
    readonly stepMs: number;
  },
): Promise<WebhookHealth> {
  const first = from - (from % stepMs);
  const spanMs = spanFor(stepMs).ms;
  const spans = await store.readTallies({ webhooks: [webhook], spanMs, from: first, to });
  return { steps: stepsOf(spans, { from, to, stepMs }), totals: summaryOf(spans) };
}

/** The longest span that such steps are made of. */
export function spanFor(stepMs: number): (typeof SPANS)[number] {
  return SPANS.findLast(({ ms }) => stepMs % ms === 0) ?? SPANS[0];
}

/** The last 24 hours of several webhooks, by hours, the present one included. */
export async function readDays(
  store: Store,
  webhooks: readonly number[],
  now: number,
): Promise<(webhook: number) => readonly Step[]> {
  const to = now - (now % HOUR_MS) + HOUR_MS;
  const from = to - DAY_MS;
  const spans = await store.readTallies({ webhooks, spanMs: HOUR_MS, from, to });
  const byWebhook = Map.groupBy(spans, ({ webhook }) => webhook);
  return (webhook) => stepsOf(byWebhook.get(webhook) ?? [], { from, to, stepMs: HOUR_MS });
}

/** A time up to now, with what took place in it. */
export interface Lately extends Summary {
  readonly from: number;
  /** Accepted; null for whoever sees only a part of all webhooks: events are counted for all. */
  readonly events: number | null;
}

/** The last minute, hour and day, within bounds; each up to a span longer than its name says. */
export async function readLately(
  store: Store,
  { bounds, isWhole, now }: { bounds: Bounds; isWhole: boolean; now: number },
): Promise<{ minute: Lately; hour: Lately; day: Lately }> {
  const [minutes, quarters] = SPANS;
  const hour = await since(now - HOUR_MS, minutes.ms);
  const day = await since(now - DAY_MS, quarters!.ms);
  return {
    minute: summed(hour, now - minutes.ms, minutes.ms),
    hour: summed(hour, now - HOUR_MS, minutes.ms),
    day: summed(day, now - DAY_MS, quarters!.ms),
  };

  function since(from: number, spanMs: number): Promise<SpanCounts[]> {
    return store.sumTallies({ bounds, spanMs, from: from - (from % spanMs), to: now + 1 });
  }

  function summed(spans: readonly SpanCounts[], moment: number, spanMs: number): Lately {
    const from = moment - (moment % spanMs);
    const within = spans.filter(({ at }) => at >= from);
    const events = within.reduce((sum, span) => sum + span.events, 0);
    return { from, events: isWhole ? events : null, ...summaryOf(within) };
  }
}
