import type { Bench } from '../bench.ts';
import { type Latency, measureLatency } from '../pace.ts';

/** From the report to its first byte at the receiver, at a pace that leaves time to spare. */
export const latency: Bench = {
  name: 'latency',
  rows: () => [
    {
      name: 'latency-p50',
      what: 'report to first byte at the receiver at 1,000/s, SQLite: median',
      unit: 'ms',
      target: { atMost: 5 },
    },
    { name: 'latency-p99', what: 'the same: p99', unit: 'ms', target: { atMost: 25 } },
  ],
  async run(context) {
    const rounds: Latency[] = [];
    for (let i = 0; i < context.options.rounds; i++)
      rounds.push(await measureLatency(context, { hangs: false }));
    return {
      'latency-p50': { samples: rounds.map(({ p50 }) => p50) },
      'latency-p99': { samples: rounds.map(({ p99 }) => p99) },
    };
  },
};
