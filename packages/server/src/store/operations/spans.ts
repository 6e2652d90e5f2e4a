const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Counts are kept per span: short spans for a while, long ones for as long as events are. */
export interface Span {
  readonly ms: number;
  /** Null: as long as events are kept. */
  readonly keptMs: number | null;
}

/**
 * A webhook that is never quiet has 180, 288 and (of thirty days) 720 rows of these. All lengths
 * divide the next one, and a day.
 */
export const SPANS: readonly [Span, ...Span[]] = [
  { ms: MINUTE_MS, keptMs: 3 * HOUR_MS },
  { ms: 15 * MINUTE_MS, keptMs: 72 * HOUR_MS },
  { ms: HOUR_MS, keptMs: null },
];

/** Upper ends of the classes in which durations of calls are counted; one more is beyond the last. */
export const LATENCY_BOUNDS_MS = [
  5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000,
] as const;

/** The id under which all webhooks together are counted; no webhook has it. */
export const ALL_WEBHOOKS = 0;

/** What took place within a span. */
export interface Counts {
  /** Events that were accepted; counted for all webhooks together. */
  events: number;
  calls: number;
  /** Calls that were not answered well. */
  failedCalls: number;
  /** Deliveries that ended, either way. */
  delivered: number;
  failed: number;
  /** Calls that were answered well, by the classes of {@link LATENCY_BOUNDS_MS}. */
  readonly latencies: number[];
}

export function noCounts(): Counts {
  const latencies = [...LATENCY_BOUNDS_MS.map(() => 0), 0];
  return { events: 0, calls: 0, failedCalls: 0, delivered: 0, failed: 0, latencies };
}

export function addCounts(sum: Counts, counts: Counts): void {
  sum.events += counts.events;
  sum.calls += counts.calls;
  sum.failedCalls += counts.failedCalls;
  sum.delivered += counts.delivered;
  sum.failed += counts.failed;
  for (const [i, count] of counts.latencies.entries()) sum.latencies[i]! += count;
}
