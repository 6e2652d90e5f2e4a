import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ProvidedPerson } from '../../src/store/operations/identities.ts';
import type { Store } from '../../src/store/store.ts';
import { SYSTEM } from '../../src/store/who.ts';
import { postgresEngine, sqliteEngine } from '../stores.ts';

const ADA: ProvidedPerson = {
  issuer: 'https://login.example.com',
  subject: 'ada',
  email: 'ada@example.com',
  name: 'Ada',
  role: null,
};
const SEALED = { keyId: 'k', sealed: Buffer.from('sealed') };

describe.each([sqliteEngine(), postgresEngine()])('people of a provider on $name', (engine) => {
  let store: Store;
  let tokens = 0;
  beforeAll(() => engine.start(), 60_000);
  beforeEach(async () => void (store = await engine.open()));
  afterAll(() => engine.stop());

  const signIn = (who: ProvidedPerson) =>
    store.signInByProvider({
      ...who,
      tokenHash: `token ${tokens++}`,
      replaces: null,
      address: null,
    });
  const make = async (password: string | null = null) => {
    const input = { name: 'Ada', email: ADA.email!, role: 'viewer', locations: null } as const;
    const made = await store.createPerson({ ...input, password, by: SYSTEM });
    if (made === 'taken') throw new Error(made);
    return made.id;
  };
  /** Signs somebody in with a password, if they have one; returns the hash of the token. */
  const enter = async (person: number) => {
    const tokenHash = `token ${tokens++}`;
    await store.signIn({
      person,
      proof: { password: 'p', totpStep: null },
      rehashed: null,
      tokenHash,
      replaces: null,
      guesses: { email: 'e', network: 'n' },
      address: null,
    });
    return tokenHash;
  };
  const startTotp = async (person: number, session: string, tokenHash: string) => {
    await store.proposeTotp({ person, ...SEALED });
    return store.startTotp({ person, session, step: 1, ...SEALED, tokenHash, by: SYSTEM });
  };

  it('are made once, however many times they come at once', async () => {
    const staff = { ...ADA, role: { role: 'viewer', locations: null } } as const;
    const done = await Promise.all([signIn(staff), signIn(staff), signIn(staff), signIn(staff)]);
    expect(done.map(({ kind }) => kind)).toStrictEqual(Array(4).fill('signed-in'));
    expect(await store.listPeople({ after: 0, limit: 10 })).toHaveLength(1);
  });

  it('of two subjects with one email at once get in alone', async () => {
    await make();
    const done = await Promise.all([signIn(ADA), signIn({ ...ADA, subject: 'another' })]);
    expect(done.map(({ kind }) => kind).toSorted()).toStrictEqual(['signed-in', 'unknown']);
  });

  it('are the same by the subject of one issuer only', async () => {
    await make();
    await signIn(ADA);
    const elsewhere = { ...ADA, issuer: 'https://other.example', email: null };
    expect(await signIn(elsewhere)).toStrictEqual({ kind: 'unverified' });
    expect(await signIn({ ...ADA, email: null })).toMatchObject({ kind: 'signed-in' });
  });

  it('pass no second factor, neither the first time nor later', async () => {
    const id = await make('p');
    expect(await startTotp(id, await enter(id), 'with')).toBe(true);
    expect(await signIn(ADA)).toStrictEqual({ kind: 'second-factor' });
    await store.stopTotp({ person: id, session: 'with', tokenHash: 'without', by: SYSTEM });
    expect(await signIn(ADA)).toMatchObject({ kind: 'signed-in' });
    await startTotp(id, 'without', 'again');
    expect(await signIn(ADA)).toStrictEqual({ kind: 'second-factor' });
  });

  it('take no second factor while they have no password for it', async () => {
    const id = await make();
    const session = `token ${tokens}`;
    expect(await signIn(ADA)).toMatchObject({ kind: 'signed-in' });
    expect(await startTotp(id, session, 'with')).toBe(false);
    expect(await store.findPersonSession({ tokenHash: session })).toBeDefined();
  });

  it('are strangers again once they have another email, or were removed', async () => {
    const id = await make();
    await signIn(ADA);
    const change = { email: 'grace@example.com' };
    await store.updatePerson({ id, change, dropsTotp: false, by: SYSTEM });
    expect(await signIn(ADA)).toStrictEqual({ kind: 'unknown' });
    await signIn({ ...ADA, subject: 'grace', email: change.email });
    expect(await store.removePerson({ id, by: SYSTEM })).toBe('removed');
    expect(await signIn({ ...ADA, subject: 'grace' })).toStrictEqual({ kind: 'unknown' });
  });

  it('lose no last operator who could help to what their groups say', async () => {
    const boss = { ...ADA, role: { role: 'operator', locations: null } } as const;
    const made = await signIn(boss);
    if (made.kind !== 'signed-in') throw new Error(made.kind);
    const { id } = made.person;
    await store.keepPersonLink({ person: id, tokenHash: 'link', lifeMs: 1000, by: SYSTEM });
    await store.joinByLink({ link: 'link', password: 'p', tokenHash: 'joined', address: null });
    const lowered = { ...ADA, role: { role: 'viewer', locations: null } } as const;
    expect(await signIn(lowered)).toStrictEqual({ kind: 'unknown' });
    expect(await store.getPerson({ id })).toMatchObject({ role: 'operator' });
    expect(await store.findPersonSession({ tokenHash: 'joined' })).toBeDefined();
  });
});
