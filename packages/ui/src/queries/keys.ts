import { queryOptions } from '@tanstack/react-query';
import { posthorn } from '../api/client.ts';
import { isNotFound } from '../api/problems.ts';
import { pagedQuery } from './paged.ts';

/** All API keys in force, also those of apps. */
export const keysQuery = pagedQuery(['keys'], (page) => posthorn.keys.list(page));

/** The key pair that signs every call; null where the operator has not switched that on. */
export const signingKeyQuery = queryOptions({
  queryKey: ['signing-key'],
  async queryFn({ signal }) {
    try {
      return await posthorn.signingKey.get({ signal });
    } catch (error) {
      if (isNotFound(error)) return null;
      throw error;
    }
  },
});
