import { addCounts, type Counts, LATENCY_BOUNDS_MS, noCounts } from '../store/operations/spans.ts';

/** How a span of time went. */
export interface Summary {
  readonly calls: number;
  /** Calls that were not answered well. */
  readonly failedCalls: number;
  /** Deliveries that ended, either way. */
  readonly delivered: number;
  readonly failed: number;
  /** Of the calls that were answered well; estimated within classes, null if there was none. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

/** Sums up what spans hold. */
export function summaryOf(spans: readonly Counts[]): Summary {
  const sum = noCounts();
  for (const span of spans) addCounts(sum, span);
  const { calls, failedCalls, delivered, failed, latencies } = sum;
  return {
    calls,
    failedCalls,
    delivered,
    failed,
    p50Ms: quantile(latencies, 0.5),
    p95Ms: quantile(latencies, 0.95),
  };
}

export interface Step extends Summary {
  readonly at: number;
}

/** The same in steps, from the one that `from` is in; steps in which nothing took place are there. */
export function stepsOf(
  spans: readonly (Counts & { readonly at: number })[],
  { from, to, stepMs }: { from: number; to: number; stepMs: number },
): Step[] {
  const byStep = Map.groupBy(spans, ({ at }) => at - (at % stepMs));
  const steps: Step[] = [];
  for (let at = from - (from % stepMs); at < to; at += stepMs)
    steps.push({ at, ...summaryOf(byStep.get(at) ?? []) });
  return steps;
}

/**
 * As if what is in a class were spread evenly over it: of calls that all took 12 ms it says 15 for
 * the half, and never a duration that is off by more than its class is wide.
 */
export function quantile(latencies: readonly number[], share: number): number | null {
  const total = latencies.reduce((sum, count) => sum + count, 0);
  let left = share * total;
  for (const [i, count] of latencies.entries()) {
    if (count > 0 && left <= count) {
      const from = LATENCY_BOUNDS_MS[i - 1] ?? 0;
      const to = LATENCY_BOUNDS_MS[i] ?? from;
      return Math.round((from + ((to - from) * left) / count) * 10) / 10;
    }
    left -= count;
  }
  return null;
}
