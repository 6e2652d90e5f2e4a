import { describe, expect, it } from 'vitest';
import { noCounts } from '../store/operations/spans.ts';
import { quantile, stepsOf } from './summary.ts';

/** Classes: up to 5, 10, 20, 50, 100 … 30,000 ms, and beyond. */
const classes = (...counts: number[]) => Object.assign(noCounts().latencies, counts);

describe('a quantile', () => {
  it.each([
    ['nothing', classes(), 0.5, null],
    ['the middle of the only class', classes(0, 0, 10), 0.5, 15],
    ['the class in which it is', classes(90, 0, 0, 0, 10), 0.95, 75],
    ['the end of a class that holds just that share', classes(50, 50), 0.5, 5],
    ['no more than the last bound', [...noCounts().latencies.slice(1), 1], 0.5, 30_000],
  ])('is of %s', (_name, latencies, share, expected) => {
    expect(quantile(latencies, share)).toBe(expected);
  });
});

it('shows steps in which nothing took place, and sums up the spans of each', () => {
  const span = (at: number, calls: number) => ({ ...noCounts(), at, calls });
  const spans = [span(60, 1), span(80, 2), span(140, 4)];
  const steps = stepsOf(spans, { from: 50, to: 160, stepMs: 40 });
  expect(steps.map(({ at, calls }) => [at, calls])).toStrictEqual([
    [40, 1],
    [80, 2],
    [120, 4],
  ]);
  expect(steps[0]).toMatchObject({ p50Ms: null });
});
