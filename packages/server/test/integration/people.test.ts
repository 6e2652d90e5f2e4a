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
      session: 'good',
      tokenHash: 'renewed',
      by: SYSTEM,
    });
    expect(await begin(person, 'late')).toBeNull();
    expect(await store.findPersonSession({ tokenHash: 'late' })).toBeUndefined();
    expect(await store.findPersonSession({ tokenHash: 'good' })).toBeUndefined();
    expect(await store.findPersonSession({ tokenHash: 'renewed' })).toBeDefined();
  });

  it('a session that has ended is not renewed, and changes nothing', async () => {
    const person = await make();
    const sealed = { keyId: 'k', sealed: new Uint8Array([1]) };
    await store.proposeTotp({ person: person.id, ...sealed });
    await begin(person, 'ended');
    await store.signOut({ person: person.id, tokenHash: null, by: SYSTEM });
    const late = { person: person.id, session: 'ended', tokenHash: 'late', by: SYSTEM };
    expect(await store.changePassword({ ...late, from: 'hashed', to: 'other' })).toBe(false);
    expect(await store.startTotp({ ...late, step: 100, ...sealed })).toBe(false);
    expect(await store.stopTotp(late)).toBe(false);
    expect(await store.findPersonSession({ tokenHash: 'late' })).toBeUndefined();
    expect(await store.getPerson({ id: person.id })).toStrictEqual({
      ...person,
      signedInAt: expect.any(Number),
    });
  });

  it('nothing that is made anew outlives what ends all sessions at the same moment', async () => {
    for (let i = 0; i < 20; i++) {
      const person = await make();
      const [session, next] = [`s${i}`, `n${i}`];
      await begin(person, session);
      const tokensOf = (name: string) => ({
        client: 'c',
        access: { hash: `${name} a${i}`, lifeMs: DAY },
        refresh: { hash: `${name} r${i}`, lifeMs: DAY },
      });
      await store.issueTokens({
        person: person.id,
        proof: { password: 'hashed', totpStep: null },
        tokens: tokensOf('first'),
        guesses: { email: 'e', network: 'n' },
        address: null,
      });
      const late = { person: person.id, session, tokenHash: next, by: SYSTEM };
      const [, renewed, refreshed] = await Promise.all([
        store.signOut({ person: person.id, tokenHash: null, by: SYSTEM }),
        store.stopTotp(late),
        store.refreshTokens({ tokenHash: `first r${i}`, tokens: tokensOf('second') }),
      ]);
      // Either came before, and ended with all the others, or it came too late.
      expect([typeof renewed, typeof refreshed]).toStrictEqual(['boolean', 'boolean']);
      for (const tokenHash of [session, next])
        expect(await store.findPersonSession({ tokenHash })).toBeUndefined();
      for (const tokenHash of [`first a${i}`, `second a${i}`])
        expect(await store.findTokenPerson({ tokenHash })).toBeUndefined();
    }
  });

  it('a code counts once, also for two at once, and none before it', async () => {
    const person = await make();
    const sealed = { keyId: 'k', sealed: new Uint8Array([1]) };
    await store.proposeTotp({ person: person.id, ...sealed });
    await begin(person, 'first');
    const by = { person: person.id, by: SYSTEM };
    const on = { ...by, step: 100, ...sealed, session: 'first', tokenHash: 'next' };
    expect(await store.startTotp(on)).toBe(true);
    expect(await store.startTotp({ ...on, session: 'next' })).toBe(false);
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
