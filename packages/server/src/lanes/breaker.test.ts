import { assert, array, boolean, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  afterFailure,
  afterSuccess,
  type Breaker,
  CLOSED,
  isOpen,
  limitOf,
  restored,
  soleSuspect,
} from './breaker.ts';
import { OPEN_AFTER } from '../store/operations/hot.ts';

const OWN = 10;

/** `.` a success, a digit a failure of the request with that key. */
function after(events: string, start: Breaker = CLOSED): Breaker {
  return events
    .split('')
    .reduce(
      (breaker, event) =>
        event === '.' ? afterSuccess(breaker, OWN) : afterFailure(breaker, Number(event)),
      start,
    );
}

describe('a lane', () => {
  it.each([
    ['', false, OWN],
    ['1234', false, OWN],
    ['12341', true, 1],
    ['11111', true, 1],
    ['1111.1111', false, OWN],
    ['1111.11111', true, 1],
    ['1234567', true, 1],
    ['11111.', false, 1],
    ['11111..', false, 2],
    ['11111...', false, 2],
    ['11111....', false, 4],
    ['11111.......', false, 4],
    ['11111........', false, 8],
    ['11111...............', false, 8],
    ['11111................', false, OWN],
    // A failure in the ramp leaves it where it is; five in a row open the lane again.
    ['11111..1', false, 2],
    ['11111..1..', false, 4],
    ['11111..2345', false, 2],
    ['11111..23456', true, 1],
    ['11111..23456.', false, 1],
  ])('after "%s" is open: %s, with %i calls at once', (events, open, limit) => {
    const breaker = after(events);
    expect([isOpen(breaker), limitOf(breaker, OWN)]).toStrictEqual([open, limit]);
  });

  it.each([
    ['1111', null],
    ['11111', 1],
    ['111111', 1],
    ['11112', null],
    ['111112', null],
    ['1111121', null],
    ['2.11111', 1],
    ['11111.', null],
  ])('after "%s" suspects %s alone', (events, suspect) => {
    expect(soleSuspect(after(events))).toBe(suspect);
  });

  it.each([
    [0, false],
    [OPEN_AFTER - 1, false],
    [OPEN_AFTER, true],
    [400, true],
  ])('that the store knows with %i errors is open: %s', (errorCount, open) => {
    const breaker = restored(errorCount);
    expect(isOpen(breaker)).toBe(open);
    expect(soleSuspect(breaker)).toBeNull();
  });

  it('that was open before a restart suspects the request that fails next, until another does', () => {
    expect(soleSuspect(after('33', restored(7)))).toBe(3);
    expect(soleSuspect(after('34', restored(7)))).toBeNull();
  });

  it('whose own concurrency is 1 or was lowered in the ramp never makes more calls', () => {
    expect(limitOf(afterSuccess(restored(5), 1), 1)).toBe(1);
    expect(afterSuccess(restored(5), 1)).toStrictEqual(CLOSED);
    expect(limitOf(after('11111....'), 3)).toBe(3);
  });
});

it('is open exactly after five failures in a row, and closed by any success', () => {
  const event = record({ ok: boolean(), request: integer({ min: 1, max: 3 }) });
  assert(
    property(array(event, { maxLength: 60 }), integer({ min: 1, max: 64 }), (events, own) => {
      let breaker = CLOSED;
      let inARow = 0;
      for (const { ok, request } of events) {
        const before = limitOf(breaker, own);
        const wasOpen = isOpen(breaker);
        breaker = ok ? afterSuccess(breaker, own) : afterFailure(breaker, request);
        inARow = ok ? 0 : inARow + 1;
        expect(isOpen(breaker)).toBe(inARow >= OPEN_AFTER);
        expect(limitOf(breaker, own)).toBeGreaterThanOrEqual(1);
        expect(limitOf(breaker, own)).toBeLessThanOrEqual(own);
        // One success at most doubles what is sent at once; the first one lets one call out.
        if (ok) expect(limitOf(breaker, own)).toBeLessThanOrEqual(wasOpen ? 1 : 2 * before);
        expect(isOpen(restored(breaker.failures))).toBe(isOpen(breaker));
      }
    }),
  );
});

it('reaches the lane’s own concurrency within twice as many successes', () => {
  assert(
    property(integer({ min: 1, max: 1000 }), (own) => {
      let breaker = afterSuccess(restored(OPEN_AFTER), own);
      let successes = 0;
      while (limitOf(breaker, own) < own) {
        breaker = afterSuccess(breaker, own);
        successes++;
      }
      expect(successes).toBeLessThan(2 * own);
    }),
  );
});
