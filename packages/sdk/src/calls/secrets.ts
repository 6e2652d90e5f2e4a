import { listOf, type PageQuery } from '../pages.ts';
import type { CallOptions, Send } from '../request.ts';

/** Whose secret; the app's wins over the location's, and that over the default. */
export type SecretScope = 'default' | `location:${number}` | `app:${number}`;

export interface SecretState {
  readonly scope: SecretScope;
  readonly isSet: boolean;
  readonly setAt: string | null;
  /** Until when the secret before this one signs as well; null: it does not. */
  readonly previousUntil: string | null;
}

/** What became of a secret that was set. */
export interface SecretSet extends SecretState {
  /** Why it is easy to guess; it is in force all the same. */
  readonly warning?: string;
}

export interface SetSecretOptions extends CallOptions {
  /** How long the secret until now goes on signing: `36h`, up to `30d`; `0`: no more. Default: 24h. */
  readonly overlap?: string;
}

export interface RevealedSecret extends SecretState {
  readonly secret: string;
  /** The one before, while it still signs. */
  readonly previous: string | null;
}

/** Shared secrets, which sign the calls: set, replaced and removed; read by people alone. */
export function secretCalls(send: Send) {
  return {
    set: (scope: SecretScope, secret: string, { overlap, ...options }: SetSecretOptions = {}) =>
      send<SecretSet>('PUT', pathOf(scope), { ...options, body: { secret, overlap } }),
    /** Has a secret of 256 random bits made and set; it is in this answer and nowhere else. */
    generate: (scope: SecretScope, { overlap, ...options }: SetSecretOptions = {}) =>
      send<SecretSet & { readonly secret: string }>('PUT', pathOf(scope), {
        ...options,
        body: { generate: true, overlap },
      }),
    get: (scope: SecretScope, options?: CallOptions) =>
      send<SecretState>('GET', pathOf(scope), options),
    /** The scopes that have one; of those, the ones that the caller may manage. */
    list: (query: PageQuery = {}) => listOf<SecretState>(send, '/v1/secrets', query),
    /** For a person who is signed in and gives their password again; a key is refused. */
    reveal: (scope: SecretScope, password: string, options?: CallOptions) =>
      send<RevealedSecret>('POST', `${pathOf(scope)}/reveal`, { ...options, body: { password } }),
    delete: (scope: SecretScope, options?: CallOptions) =>
      send<void>('DELETE', pathOf(scope), options),
  };
}

function pathOf(scope: SecretScope): string {
  return `/v1/secrets/${encodeURIComponent(scope)}`;
}
