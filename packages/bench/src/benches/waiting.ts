import type { Bench } from '../bench.ts';
import { fillStore } from '../fill.ts';
import { count } from '../table.ts';
import { measure } from '../measure.ts';
import { inTurn } from '../turns.ts';

const LOAD = { adapter: 'posthorn', connections: 64 } as const;

/** What deliveries cost the others that wait behind a dead receiver. */
export const waiting: Bench = {
  name: 'waiting',
  rows: (options) => [
    {
      name: 'waiting',
      what: `SQLite, one per POST, 64 connections, with ${count(options.waiting)} due behind one dead receiver`,
      unit: 'events/s',
    },
    {
      name: 'waiting-share',
      what: 'the same as a share of that with an empty store',
      unit: '×',
      target: { atLeast: 0.9 },
    },
    {
      name: 'waiting-memory',
      what: `memory at full rate with ${count(options.waiting)} waiting`,
      unit: 'MB',
      target: { atMost: 300 },
    },
    {
      name: 'waiting-start',
      what: `start to listening with ${count(options.waiting)} waiting`,
      unit: 's',
      target: { atMost: 1 },
    },
  ],
  async run(context) {
    const { options } = context;
    const store = await fillStore(context, 'due', options.waiting);
    try {
      const rounds = await inTurn(context, {
        empty: () => measure(context, LOAD),
        behind: () => measure(context, { ...LOAD, dir: store.dir }),
      });
      return {
        waiting: {
          samples: rounds.flatMap(({ behind }) => behind?.perSecond ?? []),
          note: 'the receiver refuses connections; its lane is open and makes one probe at a time',
        },
        'waiting-share': {
          samples: rounds.flatMap(({ empty, behind }) =>
            empty && behind ? behind.perSecond / empty.perSecond : [],
          ),
        },
        'waiting-memory': { samples: rounds.flatMap(({ behind }) => behind?.maxRssMb ?? []) },
        'waiting-start': { samples: rounds.flatMap(({ behind }) => behind?.startSeconds ?? []) },
      };
    } finally {
      store.remove();
    }
  },
};
