import type { Bench, BenchContext } from '../bench.ts';
import { measure } from '../measure.ts';
import { runBareUndici, startReceiver } from '../processes.ts';
import { inTurn } from '../turns.ts';

/** From report to receipt and log on SQLite, beside the calls alone. */
export const sqlite: Bench = {
  name: 'sqlite',
  rows: () => [
    {
      name: 'sqlite-64',
      what: 'SQLite, one per POST, 64 connections',
      unit: 'events/s',
      target: { atLeast: 12_000 },
    },
    { name: 'sqlite-256', what: 'SQLite, one per POST, 256 connections', unit: 'events/s' },
    {
      name: 'sqlite-by-100',
      what: 'SQLite, by 100 records, 8 connections',
      unit: 'events/s',
      target: { atLeast: 16_000 },
    },
    {
      name: 'bare-undici',
      what: 'the bare undici loop: no intake, no store, no log',
      unit: 'events/s',
    },
    {
      name: 'sqlite-share-of-undici',
      what: 'the first row, as a share of the bare undici loop',
      unit: '×',
      target: { atLeast: 0.35 },
    },
  ],
  async run(context) {
    const by = (connections: number, records = 1) =>
      measure(context, { adapter: 'posthorn', connections, records });
    const rounds = await inTurn(context, {
      bare: () => bareUndici(context),
      by64: () => by(64),
      by256: () => by(256),
      by100: () => by(8, 100),
    });
    const drains = rounds.flatMap(({ by100 }) => by100?.drainSeconds ?? []);
    return {
      'sqlite-64': { samples: rounds.flatMap(({ by64 }) => by64?.perSecond ?? []) },
      'sqlite-256': { samples: rounds.flatMap(({ by256 }) => by256?.perSecond ?? []) },
      'sqlite-by-100': {
        samples: rounds.flatMap(({ by100 }) => by100?.perSecond ?? []),
        note: `the last was logged ${Math.max(...drains).toFixed(1)} s after the last answer, at most`,
      },
      'bare-undici': { samples: rounds.flatMap(({ bare }) => bare ?? []) },
      'sqlite-share-of-undici': {
        samples: rounds.flatMap(({ bare, by64 }) => (bare && by64 ? by64.perSecond / bare : [])),
      },
    };
  },
};

async function bareUndici({ options, record }: BenchContext): Promise<number> {
  const receiver = await startReceiver();
  try {
    const result = await runBareUndici(receiver.port, options.seconds);
    record('bare undici', result);
    return result.perSecond;
  } finally {
    await receiver.stop();
  }
}
