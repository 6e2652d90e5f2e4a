import { expect, it } from 'vitest';
import { duration, perSecond, share } from './figures.ts';

it.each([
  [0, '0 per second'],
  [2.54, '2.5 per second'],
  [0.5, '30 per minute'],
  [0.001, '3.6 per hour'],
])('shows a rate of %d so that there is a number to see', (rate, expected) => {
  expect(perSecond(rate)).toBe(expected);
});

it('never rounds a failure away', () => {
  expect(share(0.999999)).toBe('99.99%');
  expect(share(1)).toBe('100%');
  expect(share(null)).toBe('–');
});

it('shows durations in the unit that fits', () => {
  expect([duration(4.4), duration(999), duration(1250), duration(null)]).toEqual([
    '4.4 ms',
    '999 ms',
    '1.25 s',
    '–',
  ]);
});
