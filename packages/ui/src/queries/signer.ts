import { PosthornError, type SecretScope } from '@posthorn/sdk';
import { queryOptions } from '@tanstack/react-query';
import { posthorn } from '../api/client.ts';

/**
 * Whose secret signs. `nobody`: none is set. `unknown`: whoever is bound to the location is not
 * told about the default.
 */
export type Signer = SecretScope | 'nobody' | 'unknown';

/** Whose secret signs the calls of a webhook at this location: its own, or the default. */
export const signerQuery = (location: number | null) =>
  queryOptions({
    queryKey: ['secrets', 'signer', location],
    async queryFn({ signal }): Promise<Signer> {
      const scopes: SecretScope[] = ['default'];
      if (location !== null) scopes.unshift(`location:${location}`);
      try {
        for (const scope of scopes) {
          if ((await posthorn.secrets.get(scope, { signal })).isSet) return scope;
        }
        return 'nobody';
      } catch (error) {
        if (error instanceof PosthornError && error.code === 'forbidden') return 'unknown';
        throw error;
      }
    },
  });
