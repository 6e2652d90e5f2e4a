import { type AdapterName, loadAdapter } from '../adapters.ts';
import type { Bench, BenchContext, Figures, RowDefinition } from '../bench.ts';
import { measure } from '../measure.ts';
import { inTurn } from '../turns.ts';

type Peer = 'bullmq' | 'pg-boss' | 'graphile-worker';

/** Calls at once, of the load generator to every service. */
const CONNECTIONS = 64;

/** A peer that does the same work, and how many times as fast Posthorn is on the same engine. */
function peerBench(
  name: Peer,
  label: string,
  beside: AdapterName,
  target?: RowDefinition['target'],
): Bench {
  const engine = beside === 'posthorn' ? 'SQLite' : 'PostgreSQL';
  return {
    name,
    rows: () => [
      { name, what: `${label}: sign, POST, log the attempt`, unit: 'events/s' },
      {
        name: `${name}-factor`,
        what: `Posthorn on ${engine}, as a multiple of it`,
        unit: '×',
        ...(target && { target }),
      },
    ],
    run: (context) => besidePeer(context, name, beside),
  };
}

export const bullmq = peerBench('bullmq', 'a BullMQ sender', 'posthorn', { atLeast: 2 });
export const pgBoss = peerBench('pg-boss', 'a pg-boss sender', 'posthorn-postgres');
export const graphileWorker = peerBench(
  'graphile-worker',
  'a graphile-worker sender',
  'posthorn-postgres',
);

async function besidePeer(
  context: BenchContext,
  peer: Peer,
  beside: AdapterName,
): Promise<Record<string, Figures>> {
  const rounds = await inTurn(context, {
    theirs: () => measure(context, { adapter: peer, connections: CONNECTIONS }),
    own: () => measure(context, { adapter: beside, connections: CONNECTIONS }),
  });
  const { what } = await loadAdapter(peer);
  return {
    [peer]: { samples: rounds.flatMap(({ theirs }) => theirs?.perSecond ?? []), note: what },
    [`${peer}-factor`]: {
      samples: rounds.flatMap(({ own, theirs }) =>
        own && theirs ? own.perSecond / theirs.perSecond : [],
      ),
    },
  };
}
