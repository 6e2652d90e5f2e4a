import type { SecretBox } from '../settings/secret-box.ts';
import type { StoredPerson } from '../store/operations/person-row.ts';
import type { Proof } from '../store/operations/write-person.ts';
import type { Store } from '../store/store.ts';
import type { Guess, Guesses } from './guesses.ts';
import { type Passwords, TooManyPasswords } from './passwords.ts';
import { totpStep } from './totp.ts';

export interface ProveInput {
  readonly email: string;
  readonly password: string;
  readonly code: string | null;
  /** Where it comes from, and the network of that which guesses are counted for. */
  readonly address: string;
  readonly network: string;
}

/**
 * `refused` says the same of an unknown person, a wrong password or code, and one who is locked
 * out. `code-needed`: the password is right, and there is a second factor.
 */
export type Unproved =
  { readonly kind: 'refused' | 'code-needed' } | Extract<Guess, { kind: 'too-many' }>;

export type Proved =
  { readonly kind: 'proved'; readonly person: StoredPerson; readonly proof: Proof } | Unproved;

export interface ProveNeeds {
  readonly store: Store;
  readonly box: SecretBox;
  readonly passwords: Passwords;
  readonly guesses: Guesses;
  readonly clock: { now(): number };
}

/**
 * Finds out by password and code whether somebody is who they say. What is proved counts as a guess
 * until whoever asked takes that back. Rejects with TooManyPasswords; nothing is counted then.
 */
export type Prove = (input: ProveInput) => Promise<Proved>;

export function createProve(needs: ProveNeeds): Prove {
  const { store, box, passwords, guesses, clock } = needs;

  return async function prove(input) {
    const { password, code, address, network } = input;
    const email = emailOf(input.email);
    const guess = await guesses.count(email, network);
    if (guess.kind === 'too-many') return guess;
    // No password is hashed for those who are locked out: guessing costs us nothing then.
    if (guess.kind === 'locked') return guess.isFirst ? refuse() : { kind: 'refused' };

    const person = await store.findPerson({ email });
    const hashed = person?.password ?? null;
    if (!(await isRight(password, hashed)) || !person || hashed === null) return refuse();
    if (person.totpStep !== null && code === null) {
      await guesses.forgive(email, network);
      return { kind: 'code-needed' };
    }
    const step = person.totpStep === null ? null : await stepOf(person, code ?? '');
    if (person.totpStep !== null && step === null) return refuse();
    return { kind: 'proved', person, proof: { password: hashed, totpStep: step } };

    async function refuse(): Promise<Unproved> {
      await store.noteRefusedSignIn({ address });
      return { kind: 'refused' };
    }

    async function isRight(given: string, kept: string | null): Promise<boolean> {
      try {
        return await passwords.verify(given, kept);
      } catch (error) {
        if (error instanceof TooManyPasswords) await guesses.forgive(email, network);
        throw error;
      }
    }
  };

  async function stepOf({ id }: StoredPerson, code: string): Promise<number | null> {
    const scope = `totp:${id}`;
    const sealed = await store.getSecret({ scope });
    return sealed ? totpStep(box.open(sealed, scope), code, clock.now()) : null;
  }
}

/** How an email is kept and looked up. */
export function emailOf(text: string): string {
  return text.trim().toLowerCase();
}
