import type { Bench } from '../bench.ts';
import { measure } from '../measure.ts';

/** From report to receipt and log on PostgreSQL, by one node and by several equal ones. */
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
  ],
  async run(context) {
    const byNodes = new Map<number, number[]>([1, 2, 4].map((nodes) => [nodes, []]));
    for (let i = 0; i < context.options.rounds; i++) {
      for (const [nodes, samples] of byNodes) {
        const load = { adapter: 'posthorn-postgres', nodes, connections: 64 } as const;
        samples.push((await measure(context, load)).perSecond);
      }
    }
    return {
      'postgres-1-node': { samples: byNodes.get(1)! },
      'postgres-2-nodes': { samples: byNodes.get(2)! },
      'postgres-4-nodes': { samples: byNodes.get(4)! },
    };
  },
};
