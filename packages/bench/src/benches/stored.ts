import type { Bench } from '../bench.ts';
import { fillStore } from '../fill.ts';
import { count } from '../table.ts';
import { measure } from '../measure.ts';
import { inTurn } from '../turns.ts';

const LOAD = { adapter: 'posthorn', connections: 64 } as const;

/** What a store that is full of history costs. */
export const stored: Bench = {
  name: 'stored',
  rows: (options) => [
    {
      name: 'stored',
      what: `SQLite, one per POST, 64 connections, with ${count(options.stored)} stored deliveries`,
      unit: 'events/s',
    },
    {
      name: 'stored-share',
      what: 'the same as a share of that with an empty store',
      unit: '×',
      target: { atLeast: 0.9 },
    },
    {
      name: 'stored-start',
      what: `start to listening with ${count(options.stored)} stored deliveries`,
      unit: 's',
      target: { atMost: 1 },
    },
    { name: 'empty-start', what: 'start to listening with an empty store', unit: 's' },
  ],
  async run(context) {
    const { options } = context;
    const store = await fillStore(context, 'delivered', options.stored);
    try {
      const rounds = await inTurn(context, {
        empty: () => measure(context, LOAD),
        full: () => measure(context, { ...LOAD, dir: store.dir }),
      });
      return {
        stored: {
          samples: rounds.flatMap(({ full }) => full?.perSecond ?? []),
          note: `a file of ${(store.bytes / 1e9).toFixed(1)} GB, of which the machine's cache held what it could`,
        },
        'stored-share': {
          samples: rounds.flatMap(({ empty, full }) =>
            empty && full ? full.perSecond / empty.perSecond : [],
          ),
        },
        'stored-start': { samples: rounds.flatMap(({ full }) => full?.startSeconds ?? []) },
        'empty-start': { samples: rounds.flatMap(({ empty }) => empty?.startSeconds ?? []) },
      };
    } finally {
      store.remove();
    }
  },
};
