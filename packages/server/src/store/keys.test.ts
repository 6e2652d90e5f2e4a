import { expect, it } from 'vitest';
import { dayStart, keyAt, KeySource, keyTime, nextDay } from './keys.ts';

const MIDNIGHT = Date.UTC(2026, 10, 24);

it('gives the keys of one reservation to one day', () => {
  const keys = new KeySource(keyAt(MIDNIGHT) - 4);
  // Three fit before midnight, and only three.
  expect(keys.reserve(1, 0)).toBe(keyAt(MIDNIGHT) - 3);
  expect(keys.reserve(2, 0)).toBe(keyAt(MIDNIGHT) - 2);
  const another = new KeySource(keyAt(MIDNIGHT) - 4);
  expect(another.reserve(4, 0)).toBe(keyAt(MIDNIGHT));
  expect(another.reserve(1, 0)).toBe(keyAt(MIDNIGHT) + 4);
});

it('knows the day of a moment', () => {
  expect(dayStart(MIDNIGHT)).toBe(MIDNIGHT);
  expect(nextDay(MIDNIGHT - 1)).toBe(MIDNIGHT);
  expect(keyTime(keyAt(MIDNIGHT) - 1)).toBe(MIDNIGHT - 1);
});

it('has a key that engines can read for moments that nobody will see', () => {
  expect(keyAt(Date.UTC(2026, 0, 1))).toBe(Date.UTC(2026, 0, 1) * 2048);
  expect(keyAt(Date.parse('+192945-04-09T04:19:45Z'))).toBe(Number.MAX_SAFE_INTEGER);
});
