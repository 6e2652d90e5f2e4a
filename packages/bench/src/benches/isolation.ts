import type { Bench } from '../bench.ts';
import { measureLatency } from '../pace.ts';
import { inTurn } from '../turns.ts';

/** What healthy receivers notice of the others when half of the traffic goes to some that hang. */
export const isolation: Bench = {
  name: 'isolation',
  rows: () => [
    {
      name: 'isolation-baseline-p99',
      what: 'p99 at 1,000/s to 16 webhooks that answer, of 8 of them',
      unit: 'ms',
    },
    { name: 'isolation-p99', what: 'p99 of these 8 while the other 8 hang', unit: 'ms' },
    {
      name: 'isolation-factor',
      what: 'the second as a multiple of the first',
      unit: '×',
      target: { atMost: 2 },
    },
  ],
  async run(context) {
    const rounds = await inTurn(context, {
      calm: () => measureLatency(context, { hangs: false }),
      beside: () => measureLatency(context, { hangs: true }),
    });
    return {
      'isolation-baseline-p99': { samples: rounds.flatMap(({ calm }) => calm?.p99 ?? []) },
      'isolation-p99': { samples: rounds.flatMap(({ beside }) => beside?.p99 ?? []) },
      'isolation-factor': {
        samples: rounds.flatMap(({ calm, beside }) =>
          calm && beside ? beside.p99 / calm.p99 : [],
        ),
      },
    };
  },
};
