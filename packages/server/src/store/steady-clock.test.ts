import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createSteadyClock } from './steady-clock.ts';

const HOUR = 3_600_000;

/** A clock whose sources stand at `wall` and 0, and what moves both of them. */
function clockAt(wall: number) {
  const sources = { wall, steady: 0 };
  const clock = createSteadyClock({ wall: () => sources.wall, steady: () => sources.steady });
  return {
    clock,
    pass: (ms: number) => {
      sources.steady += ms;
      sources.wall += ms;
    },
    set: (by: number) => {
      sources.wall += by;
    },
    wall: () => sources.wall,
  };
}

it('says what the machine says while nobody sets it', () => {
  const { clock, pass, wall } = clockAt(1000);
  for (const ms of [1, 50, HOUR]) {
    pass(ms);
    expect(clock.now()).toBe(wall());
  }
});

it('goes on at half speed when the machine is set back, until both agree', () => {
  const { clock, pass, set, wall } = clockAt(10 * HOUR);
  set(-2 * HOUR);
  pass(HOUR);
  expect(clock.now()).toBe(10.5 * HOUR);
  pass(3 * HOUR);
  expect(clock.now()).toBe(wall());
});

it('goes on at double speed when the machine is set ahead, until both agree', () => {
  const { clock, pass, set, wall } = clockAt(10 * HOUR);
  set(30 * 24 * HOUR);
  pass(HOUR);
  expect(clock.now()).toBe(12 * HOUR);
  set(-30 * 24 * HOUR);
  pass(2 * HOUR);
  expect(clock.now()).toBe(wall());
});

it('starts from what the store has seen, if the machine is behind it', () => {
  const { clock, pass } = clockAt(10 * HOUR);
  clock.startFrom(12 * HOUR);
  pass(HOUR);
  expect(clock.now()).toBe(12.5 * HOUR);
  clock.startFrom(HOUR);
  expect(clock.now()).toBe(12.5 * HOUR);
});

it('keeps a delay between half and double, whatever the machine is set to', () => {
  const step = fc.record({ passed: fc.nat(HOUR), set: fc.integer({ min: -HOUR, max: HOUR }) });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const { clock, pass, set } = clockAt(100 * HOUR);
      for (const { passed, set: by } of steps) {
        const before = clock.now();
        set(by);
        pass(passed);
        const after = clock.now();
        expect(after - before).toBeGreaterThanOrEqual(Math.floor(passed / 2) - 1);
        expect(after - before).toBeLessThanOrEqual(passed * 2 + 1);
      }
    }),
  );
});
