import { createHmac, randomBytes } from 'node:crypto';
import type { StoredPerson } from '../store/operations/person-row.ts';
import type { Store } from '../store/store.ts';
import type { Guesses } from './guesses.ts';
import { emailOf, type Prove, type Unproved } from './prove.ts';

/** Long enough for a client that works through a list, short enough to be no second password. */
const REMEMBERED_MS = 5 * 60_000;
/** People who use an API with their password at the same time. */
const MAX_REMEMBERED = 1000;

export interface PasswordInput {
  readonly email: string;
  readonly password: string;
  readonly address: string;
  readonly network: string;
}

/** Who shows their password with this request; rejects with TooManyPasswords. */
export type CheckPassword = (input: PasswordInput) => Promise<StoredPerson | Unproved>;

/**
 * Checks passwords that come with every request. One that was right is remembered for some minutes, by
 * a hash under a key of this process, together with the hash that it was compared with: once that is
 * another one, on whichever node it was changed, it is hashed and compared again. Whoever has a second
 * factor is answered `code-needed`, for such a request has no room for a code.
 */
export function createCheckPassword(needs: {
  readonly store: Pick<Store, 'findPerson'>;
  readonly prove: Prove;
  readonly guesses: Guesses;
  readonly clock: { now(): number };
}): CheckPassword {
  const { store, prove, guesses, clock } = needs;
  const key = randomBytes(32);
  const remembered = new Map<string, { readonly hashed: string; readonly until: number }>();
  const underWay = new Map<string, Promise<StoredPerson | Unproved>>();

  return async function checkPassword(input) {
    const email = emailOf(input.email);
    const mark = createHmac('sha256', key).update(`${email}\0${input.password}`).digest('base64');
    const known = remembered.get(mark);
    if (known !== undefined && clock.now() < known.until) {
      const person = await store.findPerson({ email });
      if (person?.password === known.hashed && person.totpStep === null) return person;
    }
    remembered.delete(mark);
    // A client that begins with several requests at once costs one hash.
    const checking = underWay.get(mark) ?? check(mark, { ...input, email });
    underWay.set(mark, checking);
    return checking;
  };

  async function check(mark: string, input: PasswordInput): Promise<StoredPerson | Unproved> {
    try {
      const proved = await prove({ ...input, code: null });
      if (proved.kind !== 'proved') return proved;
      await guesses.forgive(input.email, input.network);
      remember(mark, proved.proof.password);
      return proved.person;
    } finally {
      underWay.delete(mark);
    }
  }

  function remember(mark: string, hashed: string): void {
    const [oldest] = remembered.keys();
    if (remembered.size >= MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
    remembered.set(mark, { hashed, until: clock.now() + REMEMBERED_MS });
  }
}
