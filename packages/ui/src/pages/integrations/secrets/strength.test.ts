import { expect, it } from 'vitest';
import { generateSecret, weaknessOf } from './strength.ts';

it.each([
  ['fifteen letters', true],
  ['sixteen letters!', false],
  ['aaaaaaaaaaaaaaaaaaaaaaaa', true],
  ['whsec_c2hvcnQ=', true],
])('judges %j', (secret, isWeak) => {
  expect(weaknessOf(secret) !== null).toBe(isWeak);
});

it('generates secrets of 256 bits that differ', () => {
  const [one, other] = [generateSecret(), generateSecret()];
  expect(one).not.toBe(other);
  expect(atob(one.slice('whsec_'.length))).toHaveLength(32);
  expect(weaknessOf(one)).toBeNull();
});
