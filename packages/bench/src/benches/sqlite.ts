import type { Bench, BenchContext } from '../bench.ts';
import { measure } from '../measure.ts';
import { runBareUndici, startReceiver } from '../processes.ts';

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
    const { options } = context;
    const rounds = [];
    for (let i = 0; i < options.rounds; i++) {
      const bare = await bareUndici(context);
      const by64 = await measure(context, { adapter: 'posthorn', connections: 64 });
      const by256 = await measure(context, { adapter: 'posthorn', connections: 256 });
      const by100 = await measure(context, {
        adapter: 'posthorn',
        connections: 8,
        records: 100,
      });
      rounds.push({ bare, by64, by256, by100 });
    }
    return {
      'sqlite-64': {
        samples: rounds.map(({ by64 }) => by64.perSecond),
      },
      'sqlite-256': { samples: rounds.map(({ by256 }) => by256.perSecond) },
      'sqlite-by-100': {
        samples: rounds.map(({ by100 }) => by100.perSecond),
        note: `the last was logged ${Math.max(...rounds.map(({ by100 }) => by100.drainSeconds)).toFixed(1)} s after the last answer, at most`,
      },
      'bare-undici': { samples: rounds.map(({ bare }) => bare) },
      'sqlite-share-of-undici': {
        samples: rounds.map(({ bare, by64 }) => by64.perSecond / bare),
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
