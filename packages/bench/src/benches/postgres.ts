import type { AdapterName } from '../adapters.ts';
import type { Bench } from '../bench.ts';
import { measure } from '../measure.ts';
import { inTurn } from '../turns.ts';

/** From report to receipt and log on PostgreSQL: by one node, by several, and by one of workers. */
export const postgres: Bench = {
  name: 'postgres',
  rows: () => [
    {
      name: 'postgres-1-node',
      what: 'PostgreSQL, one node, one per POST, 64 connections',
      unit: 'events/s',
      target: { atLeast: 9000 },
    },
    { name: 'postgres-2-nodes', what: 'the same by two nodes', unit: 'events/s' },
    { name: 'postgres-4-nodes', what: 'the same by four nodes', unit: 'events/s' },
    {
      name: 'postgres-2-workers',
      what: 'the same by one service of two workers',
      unit: 'events/s',
    },
    {
      name: 'postgres-2-workers-factor',
      what: 'two workers, as a multiple of one node',
      unit: '×',
    },
  ],
  async run(context) {
    const by = async (adapter: AdapterName, nodes = 1) =>
      (await measure(context, { adapter, nodes, connections: 64 })).perSecond;
    const rounds = await inTurn(context, {
      one: () => by('posthorn-postgres'),
      workers: () => by('posthorn-2-workers'),
      two: () => by('posthorn-postgres', 2),
      four: () => by('posthorn-postgres', 4),
    });
    return {
      'postgres-1-node': { samples: rounds.flatMap(({ one }) => one ?? []) },
      'postgres-2-nodes': { samples: rounds.flatMap(({ two }) => two ?? []) },
      'postgres-4-nodes': { samples: rounds.flatMap(({ four }) => four ?? []) },
      'postgres-2-workers': { samples: rounds.flatMap(({ workers }) => workers ?? []) },
      'postgres-2-workers-factor': {
        samples: rounds.flatMap(({ one, workers }) => (one && workers ? workers / one : [])),
      },
    };
  },
};
