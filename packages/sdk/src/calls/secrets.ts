import type { CallOptions, Send } from '../request.ts';

/** Whose secret; the app's wins over the location's, and that over the default. */
export type SecretScope = 'default' | `location:${number}` | `app:${number}`;

export interface SecretState {
  readonly scope: SecretScope;
  readonly isSet: boolean;
  readonly setAt: string | null;
}

/** Shared secrets, which sign the calls: set, replaced and removed, never read. */
export function secretCalls(send: Send) {
  return {
    set: (scope: SecretScope, secret: string, options?: CallOptions) =>
      send<SecretState>('PUT', `/v1/secrets/${encodeURIComponent(scope)}`, {
        ...options,
        body: { secret },
      }),
    get: (scope: SecretScope, options?: CallOptions) =>
      send<SecretState>('GET', `/v1/secrets/${encodeURIComponent(scope)}`, options),
    delete: (scope: SecretScope, options?: CallOptions) =>
      send<void>('DELETE', `/v1/secrets/${encodeURIComponent(scope)}`, options),
  };
}
