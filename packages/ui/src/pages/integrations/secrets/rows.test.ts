import type { SecretScope } from '@posthorn/sdk';
import { expect, it } from 'vitest';
import { rowsOf } from './rows.ts';

const set = (scope: SecretScope) => ({
  scope,
  isSet: true,
  setAt: '2026-11-03T10:42:00.000Z',
  previousUntil: null,
});
const shown = (secrets: readonly SecretScope[], locations: readonly number[] | null) =>
  rowsOf(secrets.map(set), { locations }).map(({ scope, isSet }) => `${scope} ${isSet}`);

it('shows the default first, set or not, then locations and apps by their numbers', () => {
  expect(shown([], null)).toEqual(['default false']);
  expect(shown(['app:2', 'default', 'location:10', 'location:9'], null)).toEqual([
    'default true',
    'location:9 true',
    'location:10 true',
    'app:2 true',
  ]);
});

it('shows somebody bound to locations these, set or not', () => {
  expect(shown(['location:9'], [8, 9])).toEqual(['location:8 false', 'location:9 true']);
});
