import { expect, it } from 'vitest';
import { createGrace } from './grace.ts';

/** Which of the beats that the store answered, in seconds, find that the grace is over. */
function overAt(...beats: number[]): number[] {
  const grace = createGrace(5000);
  return beats.filter((at) => grace.isOver(at * 1000));
}

it('is over with every beat of a node that has been there for a while', () => {
  expect(overAt(5, 10, 15, 20, 25)).toStrictEqual([15, 20, 25]);
});

it('lets others say that they live when the store was away', () => {
  // Another one asked in vain from 59.9 on, for 4 s, and asks again 5 s later: at 68.9.
  expect(overAt(5, 10, 15, 60, 65, 70, 75)).toStrictEqual([15, 70, 75]);
});

it('goes on when a beat or two get lost', () => {
  expect(overAt(5, 10, 15, 20, 30, 44.9, 50)).toStrictEqual([15, 20, 30, 44.9, 50]);
});
