import { expect, it } from 'vitest';
import { generateSecret, weaknessOf } from './new-secret.ts';

it('makes secrets of 256 bits in the form of Standard Webhooks, each its own', () => {
  const secret = generateSecret();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(generateSecret()).not.toBe(secret);
  expect(weaknessOf(secret)).toBeNull();
});

it.each<[secret: string, weakness: RegExp | null]>([
  ['hunter2', /fewer than 16 characters/],
  ['abcabcabcabcabcabcabc', /fewer than 6 different/],
  ['a tern flies far', null],
  ['0f3a9c5de1b27486', null],
  [`whsec_${Buffer.alloc(23, 'abcdefghijklmnopqrstuvw').toString('base64')}`, /24 bytes/],
  [`whsec_${Buffer.alloc(32).toString('base64')}`, /different/],
  ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', null],
])('%s: its weakness is %s', (secret, weakness) => {
  const told = weaknessOf(secret);
  if (weakness === null) expect(told).toBeNull();
  else expect(told).toMatch(weakness);
  expect(told ?? '').not.toContain(secret);
});
