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
