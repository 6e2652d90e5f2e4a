import type { SecretBox } from '../settings/secret-box.ts';
import type { PersonInput, StoredPerson } from '../store/operations/person-row.ts';
import type { Store } from '../store/store.ts';
import type { Who } from '../store/who.ts';
import { type AccessTokens, createAccessTokens } from './access-tokens.ts';
import { createGuesses, type Guesses } from './guesses.ts';
import { createPasswords, TooManyPasswords } from './passwords.ts';
import { createFindSession, type FindSession, type SignedIn } from './sessions.ts';
import { createProve, emailOf, type Prove } from './prove.ts';
import { createSignIn, type SignInInput, type SignInResult } from './sign-in.ts';
import { hashOf, newToken, type Token } from './token.ts';
import { newTotpSecret, totpStep, totpUrl } from './totp.ts';

/** Somebody who got a session by what they did, and the token that opens it. */
export interface Admitted {
  readonly person: StoredPerson;
  /** Null: they have to sign in, since they have a second factor. */
  readonly token: string | null;
}

export interface People {
  readonly accessTokens: AccessTokens;
  readonly findSession: FindSession;
  readonly guesses: Guesses;
  readonly prove: Prove;
  signIn(input: SignInInput): Promise<SignInResult>;
  /** The token of a link by which the first person is made; null: there is somebody. */
  makeSetupLink(): Promise<string | null>;
  /** Makes the first person. Null: the link is not good, or there is somebody. */
  setUp(input: {
    link: string;
    name: string;
    email: string;
    password: string;
    address: string;
  }): Promise<Admitted | null>;
  /** Makes a person, and the token of the link by which they choose a password. */
  create(
    input: PersonInput,
    by: Who,
  ): Promise<{ readonly person: StoredPerson; readonly link: string } | 'taken'>;
  /** The token of another link; the one before is over. Null: there is no such person. */
  makeLink(person: number, by: Who): Promise<string | null>;
  /** Null: the link is not good any more. */
  join(input: { link: string; password: string; address: string }): Promise<Admitted | null>;
  /** Whether somebody who is signed in knows their password: it counts as a guess. */
  confirm(
    who: SignedIn,
    password: string,
    network: string,
  ): Promise<'right' | 'wrong' | 'too-many'>;
  /** The token of the session that goes on; null: it has ended, or was changed, meanwhile. */
  changePassword(who: SignedIn, password: string, by: Who): Promise<string | null>;
  /** A secret for an authenticator; it counts when a code of it comes to `startTotp`. */
  proposeTotp(who: SignedIn): Promise<{ readonly secret: string; readonly url: string }>;
  /** The token of the session that goes on; null: the code is not right, or nothing was proposed. */
  startTotp(who: SignedIn, code: string, by: Who): Promise<string | null>;
  /** The token of the session that goes on; null: it has ended meanwhile. */
  stopTotp(who: SignedIn, by: Who): Promise<string | null>;
}

/** Whoever starts the service looks at the terminal; an old log opens nothing. */
const SETUP_LIFE_MS = 24 * 3_600_000;
/** Over a weekend. */
const LINK_LIFE_MS = 3 * 24 * 3_600_000;

export function createPeople(needs: {
  readonly store: Store;
  readonly box: SecretBox;
  /** The store's time. */
  readonly clock: { now(): number };
  /** Of hashing a password, as {@link createPasswords} takes it. */
  readonly passwordCost: number;
}): People {
  const { store, box, clock } = needs;
  const passwords = createPasswords(needs.passwordCost);
  const guesses = createGuesses(store, clock);
  const prove = createProve({ ...needs, passwords, guesses });

  return {
    accessTokens: createAccessTokens({ store, box, prove }),
    findSession: createFindSession(store, clock),
    guesses,
    prove,
    signIn: createSignIn({ store, passwords, prove }),

    async makeSetupLink() {
      const link = newToken();
      const kept = await store.keepSetupLink({ tokenHash: link.hash, lifeMs: SETUP_LIFE_MS });
      return kept ? link.text : null;
    },
    async setUp({ link, name, email, password, address }) {
      // Before a password is hashed, which costs something.
      const found = await store.findLink({ tokenHash: hashOf(link) });
      if (found?.person !== null) return null;
      const token = newToken();
      const person = await store.makeFirstPerson({
        link: hashOf(link),
        name,
        email: emailOf(email),
        password: await passwords.hash(password),
        tokenHash: token.hash,
        address,
      });
      return person && { person, token: token.text };
    },

    async create(input, by) {
      const person = await store.createPerson({
        ...input,
        email: emailOf(input.email),
        password: null,
        by,
      });
      if (person === 'taken') return 'taken';
      return { person, link: (await makeLink(person.id, by)) ?? '' };
    },
    makeLink,
    async join({ link, password, address }) {
      const found = await store.findLink({ tokenHash: hashOf(link) });
      if (found?.person == null) return null;
      const token = newToken();
      const person = await store.joinByLink({
        link: hashOf(link),
        password: await passwords.hash(password),
        tokenHash: token.hash,
        address,
      });
      return person && { person, token: person.totpStep === null ? token.text : null };
    },

    async confirm({ person }, password, network) {
      const guess = await guesses.count(person.email, network);
      if (guess.kind !== 'go') return 'too-many';
      try {
        if (!(await passwords.verify(password, person.password))) return 'wrong';
      } catch (error) {
        if (error instanceof TooManyPasswords) await guesses.forgive(person.email, network);
        throw error;
      }
      await guesses.forgive(person.email, network);
      return 'right';
    },
    changePassword: ({ person, tokenHash: session }, password, by) =>
      renewed(async (token) =>
        store.changePassword({
          person: person.id,
          session,
          from: person.password ?? '',
          to: await passwords.hash(password),
          tokenHash: token.hash,
          by,
        }),
      ),
    async proposeTotp({ person }) {
      const secret = newTotpSecret();
      const sealed = box.seal(secret, `totp-new:${person.id}`);
      await store.proposeTotp({ person: person.id, ...sealed });
      return { secret, url: totpUrl(secret, person.email) };
    },
    async startTotp({ person, tokenHash: session }, code, by) {
      const scope = `totp-new:${person.id}`;
      const proposed = await store.getSecret({ scope });
      if (!proposed) return null;
      const secret = box.open(proposed, scope);
      const step = totpStep(secret, code, clock.now());
      if (step === null) return null;
      const sealed = box.seal(secret, `totp:${person.id}`);
      return renewed((token) =>
        store.startTotp({ person: person.id, session, step, ...sealed, tokenHash: token.hash, by }),
      );
    },
    stopTotp: ({ person, tokenHash: session }, by) =>
      renewed((token) => store.stopTotp({ person: person.id, session, tokenHash: token.hash, by })),
  };

  async function makeLink(person: number, by: Who): Promise<string | null> {
    const link = newToken();
    const kept = await store.keepPersonLink({
      person,
      tokenHash: link.hash,
      lifeMs: LINK_LIFE_MS,
      by,
    });
    return kept ? link.text : null;
  }

  async function renewed(change: (token: Token) => Promise<boolean>): Promise<string | null> {
    const token = newToken();
    return (await change(token)) ? token.text : null;
  }
}
