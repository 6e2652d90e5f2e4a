import type { CallOptions, Send } from '../request.ts';
import type { Scope } from './keys.ts';

/** `operator`: everything; `manager`: what is at their locations; `viewer`: looks only. */
export type Role = 'operator' | 'manager' | 'viewer';

/** Who asks: a person who is signed in, or an API key. */
export interface Session {
  readonly kind: 'person' | 'key';
  /** A person's is a number, a key's text. */
  readonly id: number | string;
  readonly name: string;
  readonly email?: string;
  readonly role?: Role;
  /** Null: all locations. */
  readonly locations: readonly number[] | null;
  /** `*` is everything. */
  readonly scopes: readonly (Scope | '*')[];
  /** Whether signing in asks for a code as well. */
  readonly totp?: boolean;
}

export interface SignInWays {
  /** No person exists yet: the setup link of the terminal makes the first one. */
  readonly setup: boolean;
  readonly password: boolean;
  /** The identity provider, by the name its button shows; null: none. */
  readonly oidc: { readonly name: string } | null;
  /** Whether the pages of the catalogue are shown to those who are not signed in. */
  readonly catalogue: boolean;
}

export interface SetupInput {
  /** Of the setup link. */
  readonly token: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

export interface SignInInput {
  readonly email: string;
  readonly password: string;
  /** Of the authenticator app; asked for with `code_needed`. */
  readonly code?: string;
}

/**
 * People who sign in. A browser keeps the cookie that these calls set; a program has an API key and
 * needs none of them but `get`.
 */
export function sessionCalls(send: Send) {
  return {
    /** How one signs in here; asks for no key. */
    ways: (options?: CallOptions) => send<SignInWays>('GET', '/v1/sign-in', options),
    /** Makes the first person and signs in; `not_found` once somebody exists. */
    setup: (input: SetupInput, options?: CallOptions) =>
      send<Session>('POST', '/v1/setup', { ...options, body: input }),
    /** Chooses the password of a person who was invited. */
    join: (input: { readonly token: string; readonly password: string }, options?: CallOptions) =>
      send<Session>('POST', '/v1/join', { ...options, body: input }),
    signIn: (input: SignInInput, options?: CallOptions) =>
      send<Session>('POST', '/v1/session', { ...options, body: input }),
    get: (options?: CallOptions) => send<Session>('GET', '/v1/session', options),
    signOut: (options?: CallOptions) => send<void>('DELETE', '/v1/session', options),
    /** Every session of the person, on every device. */
    signOutEverywhere: (options?: CallOptions) => send<void>('DELETE', '/v1/sessions', options),
  };
}
