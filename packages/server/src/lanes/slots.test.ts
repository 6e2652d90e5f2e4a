import { assert, integer, property, array, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Slots } from './slots.ts';

/** Everybody in `waiting` (location by member) wants a slot; the turns in which they get one. */
function turns(slots: Slots<string>, count: number): string[] {
  const order: string[] = [];
  for (let i = 0; i < count; i++) {
    const member = slots.next();
    if (member === undefined) break;
    order.push(member);
  }
  return order;
}

describe('turns', () => {
  it('go round the locations, and round the lanes of each', () => {
    const slots = new Slots<string>(1);
    for (const lane of ['a1', 'a2', 'a3']) slots.wait(lane, 1);
    slots.wait('b1', 2);
    slots.wait('c1', null);
    slots.wait('c2', null);
    expect(turns(slots, 9)).toStrictEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3']);
  });

  it('give a location with one webhook every second call beside one with 10,000', () => {
    const slots = new Slots<string>(1);
    for (let i = 0; i < 10_000; i++) slots.wait(`big ${i}`, 1);
    slots.wait('small', 2);
    let small = 0;
    for (let i = 0; i < 100; i++) {
      const member = slots.next()!;
      const location = member === 'small' ? 2 : 1;
      expect(slots.take(location)).toBe(true);
      slots.free(location);
      slots.wait(member, location);
      if (member === 'small') small++;
    }
    expect(small).toBe(50);
  });

  it('count once, however often a lane says that it waits', () => {
    const slots = new Slots<string>(1);
    for (let i = 0; i < 3; i++) slots.wait('a', 1);
    expect(turns(slots, 3)).toStrictEqual(['a']);
    expect(slots.isContended).toBe(false);
  });

  it('are nobody’s while every slot is taken', () => {
    const slots = new Slots<string>(1);
    expect(slots.take(1)).toBe(true);
    slots.wait('b', 2);
    expect(slots.take(2)).toBe(false);
    expect(slots.next()).toBeUndefined();
    slots.free(1);
    expect(slots.next()).toBe('b');
  });
});

describe('the reserve', () => {
  it('is left for others by a location that holds all it can', () => {
    const slots = new Slots<string>(64);
    let held = 0;
    while (slots.take(1)) held++;
    expect(held).toBe(56);
    for (let location = 2; location < 10; location++) expect(slots.take(location)).toBe(true);
    expect(slots.take(10)).toBe(false);
  });

  it('passes over those that hold much, and serves them when there is room', () => {
    const slots = new Slots<string>(64);
    while (slots.take(1));
    slots.wait('big', 1);
    slots.wait('small', 2);
    expect(slots.next()).toBe('small');
    expect(slots.next()).toBeUndefined();
    slots.free(1);
    expect(slots.next()).toBe('big');
  });

  it.each([1, 2, 7])('does not exist with %i slots', (max) => {
    const slots = new Slots<string>(max);
    for (let i = 0; i < max; i++) expect(slots.take(1)).toBe(true);
    expect(slots.take(1)).toBe(false);
  });
});

it('never gives more than there are, nor leaves one idle that somebody may take', () => {
  const step = record({ location: integer({ min: 1, max: 4 }), ends: integer({ min: 0, max: 3 }) });
  assert(
    property(integer({ min: 1, max: 40 }), array(step, { maxLength: 200 }), (max, steps) => {
      const slots = new Slots<number>(max);
      const calls: number[] = [];
      let served = 0;
      const serve = () => {
        for (let next; (next = slots.next()) !== undefined;) {
          expect(slots.take(next)).toBe(true);
          calls.push(next);
          served++;
        }
      };
      for (const { location, ends } of steps) {
        if (slots.take(location)) calls.push(location);
        else slots.wait(location, location);
        for (const ended of calls.splice(0, ends)) slots.free(ended);
        serve();
        expect(calls.length).toBeLessThanOrEqual(max);
      }
      // When all ends, nobody is left waiting.
      while (calls.length > 0) {
        slots.free(calls.shift()!);
        serve();
      }
      expect(slots.isContended).toBe(false);
      expect(served).toBeLessThanOrEqual(steps.length);
    }),
    { numRuns: 200 },
  );
});
