import { expect, it } from 'vitest';
import { newTotpSecret, totpStep, totpUrl } from './totp.ts';

/** RFC 6238, appendix B: its codes have eight digits, of which these are the last six. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

it.each<[number, string]>([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [2_000_000_000, '279037'],
])('at second %d of the RFC the code is %s', (second, code) => {
  expect(totpStep(SECRET, code, second * 1000)).toBe(Math.floor(second / 30));
});

it('takes the code of the step before and of the next, by its own number, and no others', () => {
  const step = Math.floor(1_111_111_109 / 30);
  const at = (steps: number) => totpStep(SECRET, '081804', (step + steps) * 30_000 + 15_000);
  expect([-2, -1, 0, 1, 2].map(at)).toStrictEqual([null, step, step, step, null]);
});

it('makes secrets of 160 bits, and URLs that authenticators read', () => {
  const secret = newTotpSecret();
  expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  expect(newTotpSecret()).not.toBe(secret);
  const url = new URL(totpUrl(secret, 'ada@example.com'));
  expect(url.searchParams.get('secret')).toBe(secret);
  expect(url.searchParams.get('issuer')).toBe('Posthorn');
});
