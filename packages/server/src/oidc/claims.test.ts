import { describe, expect, it } from 'vitest';
import { type ClaimRules, readClaims } from './claims.ts';

const ANY: ClaimRules = { domains: [], groupsClaim: 'groups', roles: [] };
const VERIFIED = { email: 'A@Example.com', email_verified: true };

const read = (claims: readonly Record<string, unknown>[], rules: Partial<ClaimRules> = {}) =>
  readClaims({ issuer: 'https://i', subject: 's', claims }, { ...ANY, ...rules });

describe('an email', () => {
  it.each([
    ['verified', [VERIFIED], 'a@example.com'],
    ['verified in words', [{ ...VERIFIED, email_verified: 'true' }], 'a@example.com'],
    ['verified by the userinfo endpoint', [{}, VERIFIED], 'a@example.com'],
    ['not verified', [{ ...VERIFIED, email_verified: false }], null],
    ['silent about it', [{ email: 'a@example.com' }], null],
    ['verified elsewhere', [{ email: 'a@example.com' }, { email_verified: true }], null],
    ['another one than the verified', [{ email: 'b@example.com' }, VERIFIED], 'a@example.com'],
    ['no text', [{ email: ['a@example.com'], email_verified: true }], null],
    ['no email', [{ email: 'a@b@example.com', email_verified: true }], null],
    ['with a control character', [{ email: 'a\0@example.com', email_verified: true }], null],
    ['too long', [{ email: `${'a'.repeat(250)}@b.example`, email_verified: true }], null],
  ])('%s', (_title, claims, email) => {
    expect(read(claims)).toMatchObject({ email });
  });

  it('has to be verified and of a domain that is named, if any is', () => {
    const domains = ['Example.com'];
    expect(read([VERIFIED], { domains })).toMatchObject({ email: 'a@example.com' });
    expect(read([{ email: 'a@example.com' }], { domains })).toBeNull();
    expect(read([{ ...VERIFIED, email: 'a@sub.example.com' }], { domains })).toBeNull();
  });
});

it('a name is what the provider calls them, else the email, in one line', () => {
  const nameOf = (...claims: Record<string, unknown>[]) => read(claims)?.name;
  expect(nameOf({ preferred_username: 'ada', name: ' Ada\n\0 L ' })).toBe('Ada   L');
  expect(nameOf({ preferred_username: 'ada' }, { name: 'Ada' })).toBe('Ada');
  expect(nameOf({ name: '  ', preferred_username: 7 }, VERIFIED)).toBe('a@example.com');
  expect(nameOf({})).toBe('Somebody');
  expect(nameOf({ name: 'x'.repeat(300) })).toHaveLength(200);
});

describe('a role', () => {
  const roles = [
    { group: 'desk', role: 'manager', locations: [7, 9] },
    { group: 'staff', role: 'viewer', locations: null },
  ] as const;
  const roleOf = (...claims: Record<string, unknown>[]) => read(claims, { roles })?.role;

  it('is that of the first rule that fits a group', () => {
    expect(roleOf({ groups: ['staff', 'desk'] })).toStrictEqual({
      role: 'manager',
      locations: [7, 9],
    });
    expect(roleOf({}, { groups: ['staff'] })).toStrictEqual({ role: 'viewer', locations: null });
    expect(roleOf({ groups: 'staff' })).toStrictEqual({ role: 'viewer', locations: null });
  });

  it('is none without such a group', () => {
    for (const groups of [undefined, null, [], ['Staff'], [['staff']], { staff: true }, 'sta'])
      expect(roleOf({ groups })).toBeNull();
  });
});
