import { expect, it } from 'vitest';
import { createStoreClock } from './clock.ts';

function clockAt(started: number) {
  let elapsed = 0;
  const clock = createStoreClock(() => elapsed);
  clock.set(started);
  return { clock, pass: (ms: number) => void (elapsed += ms) };
}

it('goes by the store, whatever the time here', () => {
  const { clock, pass } = clockAt(1_000_000);
  pass(250);
  expect(clock.now()).toBe(1_000_250);
  // It was asked quickly this time, or the store's clock was set forward.
  clock.set(1_000_260);
  expect(clock.now()).toBe(1_000_260);
});

it('is not set back by an answer that took long', () => {
  const { clock, pass } = clockAt(1_000_000);
  pass(5000);
  clock.set(1_003_000);
  expect(clock.now()).toBe(1_005_000);
});

it('is set back within a minute when the clock of the store was', () => {
  const { clock, pass } = clockAt(1_000_000);
  for (let i = 1; i <= 120; i++) {
    pass(501);
    clock.set(900_000 + i * 501);
  }
  expect(clock.now()).toBe(900_000 + 120 * 501);
});
