import type { StoredPerson } from '../store/operations/person-row.ts';
import { guessNames } from './guesses.ts';
import type { Passwords } from './passwords.ts';
import { emailOf, type Prove, type ProveInput, type Unproved } from './prove.ts';
import type { Store } from '../store/store.ts';
import { newToken } from './token.ts';

export interface SignInInput extends ProveInput {
  /** The hash of the token that the browser has already; its session ends. */
  readonly replaces: string | null;
}

export type SignInResult =
  { readonly kind: 'signed-in'; readonly person: StoredPerson; readonly token: string } | Unproved;

/** Lets people in by password and code. Rejects with TooManyPasswords; nothing is counted then. */
export function createSignIn({
  store,
  passwords,
  prove,
}: {
  readonly store: Pick<Store, 'noteRefusedSignIn' | 'signIn'>;
  readonly passwords: Passwords;
  readonly prove: Prove;
}): (input: SignInInput) => Promise<SignInResult> {
  return async function signIn(input) {
    const { password, address, network } = input;
    const proved = await prove(input);
    if (proved.kind !== 'proved') return proved;
    const { person, proof } = proved;
    const token = newToken();
    const signedIn = await store.signIn({
      person: person.id,
      proof,
      rehashed: passwords.isOutdated(proof.password) ? await passwords.hash(password) : null,
      tokenHash: token.hash,
      replaces: input.replaces,
      guesses: guessNames(emailOf(input.email), network),
      address,
    });
    if (signedIn) return { kind: 'signed-in', person: signedIn, token: token.text };
    await store.noteRefusedSignIn({ address });
    return { kind: 'refused' };
  };
}
