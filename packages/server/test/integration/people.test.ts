import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StoredPerson } from '../../src/store/operations/person-row.ts';
import type { Store } from '../../src/store/store.ts';
import { SYSTEM } from '../../src/store/who.ts';
import { postgresEngine, sqliteEngine } from '../stores.ts';

const DAY = 24 * 3_600_000;
const OPERATOR = { role: 'operator', locations: null, password: 'hashed', by: SYSTEM } as const;

describe.each([sqliteEngine(), postgresEngine()])('people on $name', (engine) => {
  let store: Store;
  beforeAll(() => engine.start(), 60_000);
  beforeEach(async () => void (store = await engine.open()));
  afterAll(() => engine.stop());

  let made = 0;
  async function make(): Promise<StoredPerson> {
    const email = `p${++made}@example.com`;
    return (await store.createPerson({ ...OPERATOR, name: email, email })) as StoredPerson;
  }
  const begin = (person: StoredPerson, tokenHash: string, totpStep: number | null = null) =>
    store.signIn({
      person: person.id,
      proof: { password: person.password!, totpStep },
      rehashed: null,
      tokenHash,
      replaces: null,
      guesses: { email: 'e', network: 'n' },
      address: null,
    });

  it('of several setup links used at once one makes the first person, and all are over', async () => {
    for (const tokenHash of ['a', 'b', 'c'])
      expect(await store.keepSetupLink({ tokenHash, lifeMs: DAY })).toBe(true);
    const tries = ['a', 'b', 'c'].map((link, i) =>
      store.makeFirstPerson({
        link,
        name: 'Ada',
        email: `ada${i}@example.com`,
        password: 'hashed',
        tokenHash: `session ${i}`,
        address: null,
      }),
    );
    const answers = await Promise.all(tries);
    expect(answers.filter((person) => person !== null)).toHaveLength(1);
    expect(await store.keepSetupLink({ tokenHash: 'd', lifeMs: DAY })).toBe(false);
    expect(await store.findLink({ tokenHash: 'c' })).toBeUndefined();
  });

  it('of two operators who remove each other at once one stays', async () => {
    const [one, two] = [await make(), await make()];
    const done = await Promise.all(
      [one, two].map(({ id }) => store.removePerson({ id, by: SYSTEM })),
    );
    expect(done.toSorted()).toStrictEqual(['last', 'removed']);
  });

  it('a sign-in counts only while what was proved still holds', async () => {
    const person = await make();
    expect(await begin(person, 'good')).toMatchObject({ id: person.id });
    await store.changePassword({
      person: person.id,
      from: 'hashed',
      to: 'other',
      tokenHash: 'renewed',
      by: SYSTEM,
    });
    expect(await begin(person, 'late')).toBeNull();
    expect(await store.findPersonSession({ tokenHash: 'late' })).toBeUndefined();
    expect(await store.findPersonSession({ tokenHash: 'good' })).toBeUndefined();
    expect(await store.findPersonSession({ tokenHash: 'renewed' })).toBeDefined();
  });

  it('a code counts once, also for two at once, and none before it', async () => {
    const person = await make();
    const sealed = { keyId: 'k', sealed: new Uint8Array([1]) };
    await store.proposeTotp({ person: person.id, ...sealed });
    const on = { person: person.id, step: 100, ...sealed, tokenHash: 'first', by: SYSTEM };
    expect(await store.startTotp(on)).toBe(true);
    expect(await store.startTotp(on)).toBe(false);
    expect(await begin(person, 'used', 100)).toBeNull();
    const both = await Promise.all([begin(person, 'x', 101), begin(person, 'y', 101)]);
    expect(both.filter((one) => one !== null)).toHaveLength(1);
    expect(await begin(person, 'older', 99)).toBeNull();
    // Whoever leaves the code out proves less than is wanted.
    expect(await begin(person, 'none', null)).toBeNull();
  });

  it('upkeep removes what is over and nothing else', async () => {
    const person = await make();
    await begin(person, 'kept');
    await store.countGuesses({ names: ['e'], windowMs: DAY });
    const link = { person: person.id, tokenHash: 'link', lifeMs: DAY, by: SYSTEM };
    await store.keepPersonLink(link);
    await store.removeEndedSignIns({ idleMs: DAY, lifeMs: DAY, guessesMs: DAY });
    expect(await store.findPersonSession({ tokenHash: 'kept' })).toBeDefined();
    expect(await store.findLink({ tokenHash: 'link' })).toBeDefined();
    expect(await store.countGuesses({ names: ['e'], windowMs: DAY })).toMatchObject([{ tried: 2 }]);
    await store.keepPersonLink({ ...link, lifeMs: 0 });
    expect(await store.findLink({ tokenHash: 'link' })).toBeUndefined();
    await store.removeEndedSignIns({ idleMs: DAY, lifeMs: 0, guessesMs: 0 });
    expect(await store.findPersonSession({ tokenHash: 'kept' })).toBeUndefined();
    expect(await store.countGuesses({ names: ['e'], windowMs: DAY })).toMatchObject([{ tried: 1 }]);
  });

  it('tries are forgiven one by one, and a window that is over begins anew', async () => {
    const count = async (windowMs: number) =>
      (await store.countGuesses({ names: ['e', 'n'], windowMs })).map(({ tried }) => tried);
    expect(await count(DAY)).toStrictEqual([1, 1]);
    expect(await count(DAY)).toStrictEqual([2, 2]);
    await store.forgiveGuesses({ names: ['e'] });
    expect(await count(DAY)).toStrictEqual([2, 3]);
    expect(await count(0)).toStrictEqual([1, 1]);
  });
});
