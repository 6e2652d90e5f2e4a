import { describe, expect, it } from 'vitest';
import { createPasswords, TooManyPasswords } from './passwords.ts';

/** Costs nothing worth waiting for. */
const CHEAP = 4;
const passwords = createPasswords(CHEAP);

it('knows a password again, and no other', async () => {
  const hashed = await passwords.hash('a tern flies far');
  expect(hashed).toMatch(/^\$scrypt\$ln=4,r=8,p=1\$[\w+/=]{24}\$[\w+/=]{44}$/);
  expect(await passwords.verify('a tern flies far', hashed)).toBe(true);
  expect(await passwords.verify('a tern flies far ', hashed)).toBe(false);
  expect(await passwords.hash('a tern flies far')).not.toBe(hashed);
});

it('knows it again however its letters are put together', async () => {
  const hashed = await passwords.hash('caf\u00E9 au lait noir');
  expect(await passwords.verify('cafe\u0301 au lait noir', hashed)).toBe(true);
});

it('works as much for nobody, and lets nobody in', async () => {
  expect(await passwords.verify('a tern flies far', null)).toBe(false);
});

it('reads a hash of another cost, and says that it is outdated', async () => {
  const hashed = await passwords.hash('a tern flies far');
  const dearer = createPasswords(CHEAP + 1);
  expect(await dearer.verify('a tern flies far', hashed)).toBe(true);
  expect([passwords.isOutdated(hashed), dearer.isOutdated(hashed)]).toStrictEqual([false, true]);
});

describe('many at once', () => {
  it('wait for each other up to a number, and the rest is refused at once', async () => {
    const asked = Array.from({ length: 25 }, () => passwords.hash('a tern flies far'));
    const ended = await Promise.allSettled(asked);
    const refused = ended.filter((one) => one.status === 'rejected');
    expect(refused).toHaveLength(25 - 2 - 16);
    for (const { reason } of refused) expect(reason).toBeInstanceOf(TooManyPasswords);
    // All turns were given back.
    await Promise.all(Array.from({ length: 18 }, () => passwords.verify('x', null)));
  });
});
