import type { LookupFunction } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createResolve } from './resolve.ts';

/** A resolver of the system that answers when it is told to. */
function opened() {
  const waiting = new Map<string, () => void>();
  const lookup: LookupFunction = (hostname, _options, callback) =>
    void waiting.set(hostname, () => callback(null, [{ address: '192.0.2.1', family: 4 }]));
  let now = 0;
  const resolve = createResolve(lookup, () => now);
  return {
    resolve,
    pass: (ms: number): void => void (now += ms),
    /** The names that hold a thread now. */
    held: () => [...waiting.keys()],
    answer: async (...hostnames: string[]): Promise<void> => {
      for (const hostname of hostnames) {
        const said = waiting.get(hostname);
        waiting.delete(hostname);
        said!();
      }
      await setImmediate();
    },
  };
}

const named = (what: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${what}-${n}.example`);

describe('names whose servers are silent', () => {
  it('leave threads to those that are known to answer', async () => {
    const { resolve, held, answer } = opened();
    const known = resolve('known.example');
    await answer('known.example');
    expect(await known).toEqual(['192.0.2.1']);

    for (const name of named('silent', 50)) void resolve(name);
    expect(held()).toEqual(named('silent', 8));
    void resolve('known.example');
    expect(held()).toContain('known.example');
  });

  it('leave threads to new ones as soon as they are known to be silent', async () => {
    const { resolve, held, answer, pass } = opened();
    const silent = named('silent', 8);
    for (const name of silent) void resolve(name);
    pass(10_000);
    await answer(...silent);

    for (const name of silent) void resolve(name);
    expect(held()).toEqual(silent.slice(0, 3));
    void resolve('new.example');
    expect(held()).toContain('new.example');
  });

  it('are quick names again when they answer', async () => {
    const { resolve, held, answer, pass } = opened();
    const [first, ...others] = named('silent', 4);
    for (const name of [first!, ...others]) void resolve(name);
    pass(10_000);
    await answer(first!, ...others);

    void resolve(first!);
    await answer(first!);
    for (const name of others) void resolve(name);
    void resolve(first!);
    expect(held()).toHaveLength(4);
  });

  it('do not make those slow that waited for a thread behind them', async () => {
    const { resolve, held, answer, pass } = opened();
    const quick = named('quick', 17);
    for (const name of quick) {
      void resolve(name);
      await answer(name);
    }
    for (const name of quick) void resolve(name);
    pass(10_000);
    await answer(...quick);
    const last = quick.at(-1)!;

    for (const name of quick.slice(0, 4)) void resolve(name);
    void resolve(last);
    expect(held()).toEqual([...quick.slice(0, 3), last]);
  });
});

it('lets whoever waits have a place as soon as one is free, in the order of asking', async () => {
  const { resolve, held, answer } = opened();
  const names = named('new', 12);
  const answers = names.map((name) => resolve(name));
  await answer('new-0.example', 'new-5.example');
  expect(held().slice(-2)).toEqual(['new-8.example', 'new-9.example']);
  await answer(...held());
  await answer(...held());
  await Promise.all(answers);
  expect(held()).toEqual([]);
});
