import { beforeEach, describe, expect, it } from 'vitest';
import { createCounts } from './counts.ts';
import { createRates } from './rates.ts';

let now = 0;
const clock = { now: () => now };
beforeEach(() => (now = 1_000_000_020_000));

describe('counts', () => {
  const make = () => createCounts({ kind: 'k', windowMs: 60_000, clock });

  it('begin again with each window', () => {
    const counts = make();
    expect(counts.isEmpty()).toBe(true);
    for (let i = 0; i < 3; i++) counts.add('a');
    expect([counts.of('a'), counts.of('b'), counts.isEmpty()]).toStrictEqual([3, 0, false]);
    const seconds = counts.endsInS();
    expect(seconds).toBeGreaterThan(0);
    now += (seconds - 1) * 1000;
    expect(counts.of('a')).toBe(3);
    now += 1000;
    expect(counts.of('a')).toBe(0);
    expect(counts.isEmpty()).toBe(true);
  });

  it('add what others told of the same window, and of nothing else', () => {
    const [here, there] = [make(), make()];
    for (let i = 0; i < 3; i++) there.add('a');
    here.add('a');
    here.learn([...there.told(), { ...there.told()[0]!, name: 'other:a' }]);
    expect(here.of('a')).toBe(4);
    // Told again it is no more; and what was learnt is not told on.
    here.learn(there.told());
    expect(here.of('a')).toBe(4);
    expect(here.told()).toMatchObject([{ name: 'k:a', count: 1 }]);
    const old = there.told();
    now += 60_000;
    here.learn(old);
    expect(here.of('a')).toBe(0);
  });

  it('tell of those that count most, and of no more than a few hundred', () => {
    const counts = make();
    for (let i = 0; i < 6000; i++) counts.add(`a${i}`);
    for (let i = 0; i < 5; i++) counts.add('a77');
    const told = counts.told();
    expect(told).toHaveLength(500);
    expect(told[0]).toMatchObject({ name: 'k:a77', count: 6 });
    expect([counts.of('a4999'), counts.of('a5000')]).toStrictEqual([1, 0]);
  });
});

describe('rates', () => {
  const make = () => createRates({ kind: 'k', perSecond: 100, clock });
  const asking = (rates: ReturnType<typeof make>, times: number) =>
    Array.from({ length: times }, () => rates.allow('a')).filter(Boolean).length;
  const exchange = (...nodes: ReturnType<typeof make>[]) => {
    now += 1000;
    const told = nodes.map((node) => node.told());
    for (const [i, node] of nodes.entries()) node.learn(told.filter((_, j) => j !== i).flat());
  };

  it('allow so many in each second', () => {
    const rates = make();
    expect(asking(rates, 150)).toBe(100);
    now += 1000;
    expect(asking(rates, 150)).toBe(100);
  });

  it('come to the limit in all when many nodes are asked, in whatever parts', () => {
    const nodes = [make(), make(), make()];
    for (const load of [300, 150, 50].map((times) => [times, 100, 300] as const)) {
      for (let second = 0; second < 3; second++) {
        const allowed = nodes.map((node, i) => asking(node, load[i]!));
        if (second > 0) {
          const sum = allowed.reduce((a, b) => a + b, 0);
          expect(sum).toBeLessThanOrEqual(100);
          expect(sum).toBeGreaterThanOrEqual(97);
        }
        exchange(...nodes);
      }
    }
  });

  it('are not less for one that goes from node to node', () => {
    const [one, other] = [make(), make()];
    for (let second = 0; second < 6; second++) {
      expect(asking(second % 2 === 0 ? one : other, 50)).toBe(50);
      exchange(one, other);
    }
  });
});
