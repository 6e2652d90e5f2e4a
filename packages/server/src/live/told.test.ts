import { expect, it } from 'vitest';
import { addTo, MAX_TOLD, nothingTold } from './told.ts';

const keys = (count: number) => Array.from({ length: count }, (_, i) => i);

it('says that there was more, also when some of what comes too late is known already', () => {
  const told = nothingTold();
  addTo(told, { deliveries: keys(MAX_TOLD) });
  addTo(told, { deliveries: [0, 1] });
  expect(told.isIncomplete).toBe(false);
  addTo(told, { deliveries: [0, MAX_TOLD] });
  expect(told.isIncomplete).toBe(true);
  expect(told.deliveries.size).toBe(MAX_TOLD);
});
