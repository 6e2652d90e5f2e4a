import { afterAll, expect, it } from 'vitest';
import { acceptToReceipt } from './accept-to-receipt.ts';
import { endAll } from './processes.ts';

afterAll(endAll);

it('measures the bare loop and every form of intake, in short', async () => {
  const rows = await acceptToReceipt(0.3, 0.1);
  expect(rows).toHaveLength(5);
  for (const row of rows) expect(row.perSecond).toBeGreaterThan(0);
}, 60_000);
