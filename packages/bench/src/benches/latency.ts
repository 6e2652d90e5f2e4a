import type { Bench } from '../bench.ts';
import { measureLatency } from '../pace.ts';
import { inTurn } from '../turns.ts';

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
    const rounds = await inTurn(context, {
      paced: () => measureLatency(context, { hangs: false }),
    });
    return {
      'latency-p50': { samples: rounds.flatMap(({ paced }) => paced?.p50 ?? []) },
      'latency-p99': { samples: rounds.flatMap(({ paced }) => paced?.p99 ?? []) },
    };
  },
};
