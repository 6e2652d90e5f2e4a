import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPeople, type People } from '../../src/people/people.ts';
import type { ProveInput } from '../../src/people/prove.ts';
import { createCheckPassword } from '../../src/people/remember-passwords.ts';
import type { SignedIn } from '../../src/people/sessions.ts';
import { createSecretBox } from '../../src/settings/secret-box.ts';
import { sealText } from '../../src/settings/sealed-text.ts';
import type { Store } from '../../src/store/store.ts';
import { SYSTEM } from '../../src/store/who.ts';
import { postgresEngine, sqliteEngine } from '../stores.ts';

const box = createSecretBox([Buffer.alloc(32, 3)]);
const MINUTE_MS = 60_000;
const FROM = { address: '192.0.2.1', network: '192.0.2.1' };

describe.each([sqliteEngine(), postgresEngine()])('API clients of people on $name', (engine) => {
  let store: Store;
  let people: People;
  let serial = 0;
  /** By email the token of a session. */
  const sessions = new Map<string, string>();
  /** The time of codes. */
  let now = Date.now();
  beforeAll(async () => {
    await engine.start();
    store = await engine.open();
    people = createPeople({ store, box, clock: { now: () => now }, passwordCost: 14 });
  });
  afterAll(() => engine.stop());

  /** A person with a password. */
  async function join(password: string): Promise<{ readonly email: string; readonly id: number }> {
    const email = `person${serial++}@example.com`;
    const input = { name: 'Ada', email, role: 'operator', locations: null } as const;
    const made = await people.create(input, SYSTEM);
    if (made === 'taken') throw new Error('taken');
    const joined = await people.join({ link: made.link, password, address: FROM.address });
    sessions.set(email, joined!.token!);
    return { email, id: made.person.id };
  }

  async function signedIn(email: string): Promise<SignedIn> {
    return (await people.findSession(sessions.get(email)!))!;
  }

  async function changePassword(email: string, password: string): Promise<void> {
    const token = await people.changePassword(await signedIn(email), password, SYSTEM);
    sessions.set(email, token!);
  }

  describe('a password that comes with every request', () => {
    /** Counts how often a password has to be proved. */
    function counting(ms: () => number = () => 0) {
      const counted = { proofs: 0 };
      const prove = (input: ProveInput) => {
        counted.proofs++;
        return people.prove(input);
      };
      const { guesses } = people;
      return { counted, check: createCheckPassword({ store, prove, guesses, clock: { now: ms } }) };
    }

    it('is hashed once in five minutes, also by many requests at once', async () => {
      const { email, id } = await join('a tern flies far');
      let ms = 0;
      const { counted, check } = counting(() => ms);
      const ask = () => check({ email, password: 'a tern flies far', ...FROM });
      const first = await Promise.all(Array.from({ length: 20 }, ask));
      for (const person of first) expect(person).toMatchObject({ id });
      ms = 5 * MINUTE_MS - 1;
      expect(await ask()).toMatchObject({ id });
      expect(counted.proofs).toBe(1);
      ms = 5 * MINUTE_MS;
      expect(await ask()).toMatchObject({ id });
      expect(counted.proofs).toBe(2);
    });

    it('that was right is none any more once it is another, a wrong one never was', async () => {
      const { email } = await join('the old one of them');
      const { check } = counting();
      const ask = (password: string) => check({ email, password, ...FROM });
      expect(await ask('the old one of them')).toMatchObject({ email });
      // By whichever node, and nobody told this one.
      await changePassword(email, 'the new one of them');
      expect(await ask('the old one of them')).toStrictEqual({ kind: 'refused' });
      expect(await ask('the new one of them')).toMatchObject({ email });
      expect(await ask('another one')).toStrictEqual({ kind: 'refused' });
    });

    it('is refused, though right, once too many were wrong for its person', async () => {
      const { email } = await join('a tern flies far');
      const { counted, check } = counting();
      for (let i = 0; i < 10; i++) await people.guesses.count(email, `192.0.2.${i + 10}`);
      const asked = check({ email, password: 'a tern flies far', ...FROM });
      expect(await asked).toStrictEqual({ kind: 'refused' });
      expect(counted.proofs).toBe(1);
    });

    it('is not enough once there is a second factor, or nobody any more', async () => {
      const { email, id } = await join('a tern flies far');
      const { check } = counting();
      const ask = () => check({ email, password: 'a tern flies far', ...FROM });
      expect(await ask()).toMatchObject({ id });
      await startTotp(email);
      expect(await ask()).toStrictEqual({ kind: 'code-needed' });
      await store.removePerson({ id, by: SYSTEM });
      expect(await ask()).toStrictEqual({ kind: 'refused' });
    });
  });

  describe('tokens', () => {
    const grant = (email: string, code: string | null = null) =>
      people.accessTokens.issue({
        email,
        password: 'a tern flies far',
        code,
        ...FROM,
        client: 'c',
      });
    const issue = async (email: string, code: string | null = null) => {
      const pair = await grant(email, code);
      if ('kind' in pair) throw new Error(pair.kind);
      return pair;
    };

    it('want the code of a second factor, which counts once', async () => {
      const { email, id } = await join('a tern flies far');
      const codeAfter = await startTotp(email);
      expect(await grant(email)).toStrictEqual({ kind: 'code-needed' });
      expect(await grant(email, '000000')).toStrictEqual({ kind: 'refused' });
      const code = codeAfter();
      const { access } = await issue(email, code);
      expect(await people.accessTokens.find(access)).toMatchObject({ id });
      expect(await grant(email, code)).toStrictEqual({ kind: 'refused' });
    });

    it('end when the password is changed, and with their person', async () => {
      const { email, id } = await join('a tern flies far');
      const before = await issue(email);
      await changePassword(email, 'another one of them');
      expect(await people.accessTokens.find(before.access)).toBeUndefined();
      expect(await people.accessTokens.refresh(before.refresh, 'c')).toBeNull();
      await changePassword(email, 'a tern flies far');
      const after = await issue(email);
      await store.removePerson({ id, by: SYSTEM });
      expect(await people.accessTokens.find(after.access)).toBeUndefined();
    });

    it('to refresh are good for one of many who use it at once', async () => {
      const { email } = await join('a tern flies far');
      const { refresh } = await issue(email);
      const tries = Array.from({ length: 8 }, () => people.accessTokens.refresh(refresh, 'c'));
      const pairs = (await Promise.all(tries)).filter((pair) => pair !== null);
      expect(pairs).toHaveLength(1);
    });

    it('of one person are a hundred at most: the oldest leave', async () => {
      const { email } = await join('a tern flies far');
      const first = await issue(email);
      let { refresh } = first;
      for (let i = 0; i < 100; i++)
        refresh = (await people.accessTokens.refresh(refresh, 'c'))!.refresh;
      expect(await people.accessTokens.find(first.access)).toBeUndefined();
      expect(await people.accessTokens.refresh(refresh, 'c')).not.toBeNull();
    });

    it('are known as ours without the store, also when they are over', async () => {
      const { email } = await join('a tern flies far');
      const { access, refresh } = await issue(email);
      await store.signOut({
        person: (await store.findPerson({ email }))!.id,
        tokenHash: null,
        by: SYSTEM,
      });
      const tokens = people.accessTokens;
      expect(await tokens.find(access)).toBeUndefined();
      expect(tokens.isOurs(access)).toBe(true);
      const changed = access.slice(0, -3) + (access.endsWith('AAA') ? 'BBB' : 'AAA');
      const elsewhere = createSecretBox([Buffer.alloc(32, 4)]);
      const sealed = sealText(elsewhere, 'x', 'access-token');
      const otherUse = sealText(box, 'x', 'oidc-pending');
      for (const made of [changed, sealed, otherUse, refresh, '', '.', 'x'.repeat(43)])
        expect(tokens.isOurs(made)).toBe(false);
    });

    it('are in the store as hashes only, and leave it when they are over', async () => {
      const { email } = await join('a tern flies far');
      const { access } = await issue(email);
      await store.removeEndedSignIns({ idleMs: 0, lifeMs: 0, guessesMs: 0 });
      expect(await people.accessTokens.find(access)).toBeDefined();
      expect(await store.findTokenPerson({ tokenHash: access })).toBeUndefined();
    });
  });

  /** Switches the second factor on; returns what makes a later code. */
  async function startTotp(email: string): Promise<() => string> {
    const { secret } = await people.proposeTotp(await signedIn(email));
    const totp = new TOTP({ secret: Secret.fromBase32(secret) });
    const code = totp.generate({ timestamp: now });
    expect(await people.startTotp(await signedIn(email), code, SYSTEM)).not.toBeNull();
    return () => totp.generate({ timestamp: (now += 30_000) });
  }
});
