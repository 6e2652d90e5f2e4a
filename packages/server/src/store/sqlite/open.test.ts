import { expect, it } from 'vitest';
import { newDataDir, removeDataDir } from '../../../test/start.ts';
import { openSqliteStore } from './open.ts';
import { createSteadyClock } from '../steady-clock.ts';

const HOUR = 3_600_000;

it('goes on from the time that it has seen when the machine was set back meanwhile', async () => {
  const dataDir = newDataDir();
  const before = Date.now() + 2 * HOUR;
  const ahead = createSteadyClock({ wall: () => before, steady: () => 0 });
  const first = await openSqliteStore({ dataDir, clock: ahead });
  await first.startSession({ aliveMs: null });
  await first.close();

  const clock = createSteadyClock();
  expect(clock.now()).toBeLessThan(before);
  const second = await openSqliteStore({ dataDir, clock });
  const { now } = await second.startSession({ aliveMs: null });
  expect(now).toBeGreaterThanOrEqual(before);
  expect(clock.now()).toBeGreaterThanOrEqual(now);
  await second.close();
  removeDataDir(dataDir);
});
