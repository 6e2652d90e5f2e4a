import { expect, it } from 'vitest';
import { restartDelayMs } from './restart.ts';

it('replaces a worker at once, those that die soon after growing pauses', () => {
  const delays: number[] = [];
  for (let deaths = 0, i = 0; i < 10; i++) {
    const next = restartDelayMs(deaths, 100);
    delays.push(next.delayMs);
    deaths = next.deaths;
  }
  expect(delays).toStrictEqual([0, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]);
});

it('begins again with one that lived long', () => {
  expect(restartDelayMs(7, 60_000)).toStrictEqual({ delayMs: 0, deaths: 1 });
});
