import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { boundsOf } from '../../src/store/bounds.ts';
import { ALL_WEBHOOKS, noCounts } from '../../src/store/operations/spans.ts';
import type { Tally } from '../../src/store/operations/tallies.ts';
import type { Store } from '../../src/store/store.ts';
import { SYSTEM } from '../../src/store/who.ts';
import { postgresEngine, sqliteEngine } from '../stores.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** The beginning of an hour. */
const START = 500_000 * HOUR;

describe.each([sqliteEngine(), postgresEngine()])('tallies on $name', (engine) => {
  let store: Store;
  beforeAll(() => engine.start());
  afterAll(() => engine.stop());
  beforeEach(async () => {
    store = await engine.open();
  });

  const tally = (webhook: number, at: number, calls: number): Tally => ({
    ...noCounts(),
    webhook,
    at,
    calls,
    latencies: noCounts().latencies.map((_, i) => i * calls),
  });
  const callsOf = async (webhook: number, spanMs: number, to = START + HOUR) =>
    (await store.readTallies({ webhooks: [webhook], spanMs, from: START, to })).map(
      ({ at, calls }) => [at - START, calls],
    );

  it('add up in every span that they are in', async () => {
    const next = START + MINUTE;
    await store.addTallies({
      tallies: [tally(2, next, 4), tally(1, START, 1), tally(2, START, 2)],
    });
    await store.addTallies({ tallies: [tally(2, next, 8)] });
    await store.addTallies({ tallies: [] });
    expect(await callsOf(2, MINUTE)).toStrictEqual([
      [0, 2],
      [MINUTE, 12],
    ]);
    expect(await callsOf(2, 15 * MINUTE)).toStrictEqual([[0, 14]]);
    expect(await callsOf(2, HOUR)).toStrictEqual([[0, 14]]);
    expect(await callsOf(2, MINUTE, next)).toStrictEqual([[0, 2]]);
    const [hour] = await store.readTallies({
      webhooks: [1, 2],
      spanMs: HOUR,
      from: START,
      to: START + 1,
    });
    expect(hour!.latencies).toStrictEqual(noCounts().latencies.map((_, i) => i * hour!.calls));
  });

  it('are summed up within bounds, and for all together', async () => {
    const at = async (location: number) => {
      const settings = { name: 'n', description: '', url: 'http://a.example/', concurrency: null };
      const made = { ...settings, actions: [6], location, app: null, active: true, by: SYSTEM };
      return (await store.createWebhook({ ...made, uniqueId: crypto.randomUUID() })).id;
    };
    const [first, second, foreign] = [await at(5), await at(5), await at(6)];
    await store.addTallies({
      tallies: [tally(first, START, 1), tally(second, START, 2), tally(foreign, START, 4)],
    });
    await store.addTallies({ tallies: [{ ...tally(ALL_WEBHOOKS, START, 7), events: 3 }] });
    const sum = (location: number | null) =>
      store.sumTallies({
        bounds: boundsOf({ app: null, location }),
        spanMs: HOUR,
        from: START,
        to: START + HOUR,
      });
    expect(await sum(5)).toMatchObject([{ at: START, calls: 3, events: 0 }]);
    expect(await sum(null)).toMatchObject([{ at: START, calls: 7, events: 3 }]);
    expect(await sum(7)).toStrictEqual([]);
  });

  it('leave by the length of their span when they are old', async () => {
    await store.addTallies({ tallies: [tally(1, START, 1), tally(1, START + 5 * MINUTE, 2)] });
    const before = START + MINUTE;
    expect(await store.removeOldTallies({ spanMs: MINUTE, before })).toBe(1);
    expect(await store.removeOldTallies({ spanMs: MINUTE, before })).toBe(0);
    expect(await callsOf(1, MINUTE)).toStrictEqual([[5 * MINUTE, 2]]);
    expect(await callsOf(1, HOUR)).toStrictEqual([[0, 3]]);
  });
});
