import type { SecretBox } from '../settings/secret-box.ts';
import { openText, sealText } from '../settings/sealed-text.ts';
import type { StoredPerson } from '../store/operations/person-row.ts';
import type { NewTokens } from '../store/operations/person-tokens.ts';
import type { Store } from '../store/store.ts';
import { guessNames } from './guesses.ts';
import { emailOf, type Prove, type ProveInput, type Unproved } from './prove.ts';
import { hashOf, newToken, type Token } from './token.ts';

/** A week, and a moment of it is over when the client reads it. */
export const ACCESS_LIFE_MS = 7 * 24 * 3_600_000;
const REFRESH_LIFE_MS = 15 * 24 * 3_600_000;

/** What an API client of a person signs in with from now on; shown this once. */
export interface TokenPair {
  readonly access: string;
  readonly refresh: string;
}

/** Tokens for API clients that cannot keep a password. They end when the sessions of their person do. */
export interface AccessTokens {
  /**
   * Whether a token was made here, be it over by now. The store is not asked, so that whoever makes
   * tokens up is told from those who have one at no cost.
   */
  isOurs(token: string): boolean;
  /** Whose token this is; undefined: nobody's. */
  find(token: string): Promise<StoredPerson | undefined>;
  /** Rejects with TooManyPasswords. */
  issue(input: ProveInput & { readonly client: string }): Promise<TokenPair | Unproved>;
  /** Null: the token is not good any more, or that of another client. */
  refresh(token: string, client: string): Promise<TokenPair | null>;
}

export function createAccessTokens({
  store,
  box,
  prove,
}: {
  readonly store: Pick<
    Store,
    'findTokenPerson' | 'issueTokens' | 'noteRefusedSignIn' | 'refreshTokens'
  >;
  readonly box: SecretBox;
  readonly prove: Prove;
}): AccessTokens {
  return {
    isOurs: (token) => openText(box, token, BOUND_TO) !== null,
    find: (token) => store.findTokenPerson({ tokenHash: hashOf(token) }),
    async issue(input) {
      const { address, network, client } = input;
      const proved = await prove(input);
      if (proved.kind !== 'proved') return proved;
      const { pair, tokens } = makePair(client);
      const issued = await store.issueTokens({
        person: proved.person.id,
        proof: proved.proof,
        tokens,
        guesses: guessNames(emailOf(input.email), network),
        address,
      });
      if (issued) return pair;
      await store.noteRefusedSignIn({ address });
      return { kind: 'refused' };
    },
    async refresh(token, client) {
      const { pair, tokens } = makePair(client);
      const refreshed = await store.refreshTokens({ tokenHash: hashOf(token), tokens });
      return refreshed ? pair : null;
    },
  };

  function makePair(client: string): { readonly pair: TokenPair; readonly tokens: NewTokens } {
    const [access, refresh] = [newAccessToken(), newToken()];
    return {
      pair: { access: access.text, refresh: refresh.text },
      tokens: {
        client,
        access: { hash: access.hash, lifeMs: ACCESS_LIFE_MS },
        refresh: { hash: refresh.hash, lifeMs: REFRESH_LIFE_MS },
      },
    };
  }

  function newAccessToken(): Token {
    const text = sealText(box, newToken().text, BOUND_TO);
    return { text, hash: hashOf(text) };
  }
}

const BOUND_TO = 'access-token';
