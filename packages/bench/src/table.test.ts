import { expect, it } from 'vitest';
import type { Row } from './results.ts';
import { median, percentile } from './statistics.ts';
import { renderTable, verdictOn } from './table.ts';

const ROW: Row = {
  bench: 'sqlite',
  name: 'sqlite-64',
  what: 'one per POST',
  unit: 'events/s',
  target: { atLeast: 12_000 },
  samples: [9000, 12_500, 10_000],
  note: null,
  missing: null,
};
const MACHINE = {
  startedAt: '2026-02-03T14:00:00.000Z',
  command: 'npm run bench',
  commit: '1234567',
  node: 'v24.21.0',
  cpus: '2 × one',
  memoryGb: 8,
  kernel: '6.1',
  loadBefore: [0, 0, 0],
};

it.each([
  [12_000, { atLeast: 12_000 }, 'met'],
  [10_800, { atLeast: 12_000 }, 'missed by 10 %'],
  [11_999, { atLeast: 12_000 }, 'missed by 1 %'],
  [24.9, { atMost: 25 }, 'met'],
  [30, { atMost: 25 }, 'missed by 20 %'],
])('says of %d, where the target is %o: %s', (value, target, verdict) => {
  expect(verdictOn(value, target)).toBe(verdict);
});

it('shows the median, the range and how far the target is', () => {
  expect(renderTable({ rows: [ROW], machine: MACHINE, seconds: 90 })).toContain(
    '| one per POST | 10,000 events/s | 9,000 – 12,500 | ≥ 12,000 | missed by 17 % |',
  );
});

it('says why a row has no figure, in one line of the table', () => {
  const row = { ...ROW, samples: [], missing: 'it said:\na | b' };
  expect(renderTable({ rows: [row], machine: MACHINE, seconds: 90 })).toContain(
    '| one per POST | | | ≥ 12,000 | not measured: it said: a / b |',
  );
});

it('puts what a reader must know below the table', () => {
  const row = { ...ROW, note: 'with batches of 100' };
  expect(renderTable({ rows: [row], machine: MACHINE, seconds: 90 })).toMatch(
    /\n- one per POST: with batches of 100\.$/,
  );
});

it('finds the middle and the share of samples', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  const hundred = Array.from({ length: 100 }, (_, i) => i + 1);
  expect(percentile(hundred, 0.99)).toBe(99);
  expect(percentile(hundred, 1)).toBe(100);
});
