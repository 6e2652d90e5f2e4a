import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What `/metrics` shows. Counters are per process, from its start. */
export interface Metrics {
  readonly contentType: string;
  /** The text that is shown. */
  show(): Promise<string>;
  eventsAccepted(count: number): void;
  /** `outcome` is `success` or the failure's code. */
  attemptMade(outcome: string, seconds: number): void;
}

/**
 * Makes the numbers of this process part of those of its service; returns what shows them all.
 */
export type JoinMetrics = (own: Registry) => () => Promise<string>;

const alone: JoinMetrics = (own) => () => own.metrics();

export function createMetrics(
  lanes: () => { readonly occupied: number; readonly nodes: number },
  join: JoinMetrics = alone,
): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const events = new Counter({
    name: 'posthorn_events_accepted_total',
    help: 'Events kept.',
    registers: [registry],
  });
  const attempts = new Histogram({
    name: 'posthorn_attempt_seconds',
    help: 'Calls made, by outcome: success or the code of the failure.',
    labelNames: ['outcome'],
    buckets: [0.005, 0.025, 0.1, 0.5, 2.5, 10, 15],
    registers: [registry],
  });
  registry.registerMetric(
    new Gauge({
      name: 'posthorn_deliveries_in_memory',
      help: 'Deliveries that this process holds: waiting in a lane, under way or unsettled.',
      registers: [],
      collect() {
        this.set(lanes().occupied);
      },
    }),
  );
  registry.registerMetric(
    new Gauge({
      name: 'posthorn_nodes',
      help: 'Nodes that share the calls at once to each webhook, as far as this process knows.',
      registers: [],
      collect() {
        this.set(lanes().nodes);
      },
    }),
  );
  return {
    contentType: registry.contentType,
    show: join(registry),
    eventsAccepted: (count) => events.inc(count),
    attemptMade: (outcome, seconds) => attempts.observe({ outcome }, seconds),
  };
}
