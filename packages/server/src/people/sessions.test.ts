import { expect, it } from 'vitest';
import { isOver } from './sessions.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

it.each<[string, number, number, boolean]>([
  ['just begun', 0, 0, false],
  ['not used for a moment less than twelve hours', 20 * HOUR, 12 * HOUR - 1, false],
  ['not used for twelve hours', 20 * HOUR, 12 * HOUR, true],
  ['used all the time for a moment less than seven days', 7 * DAY - 1, 0, false],
  ['used all the time for seven days', 7 * DAY, 0, true],
  ['used by a node whose clock is ahead', 0, -5000, false],
])('a session that is %s', (_how, ageMs, idleMs, over) => {
  const now = 1_800_000_000_000;
  expect(isOver({ beganAt: now - ageMs, usedAt: now - idleMs }, now)).toBe(over);
});
