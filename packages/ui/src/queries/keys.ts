import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { PosthornError } from '@posthorn/sdk';
import { posthorn } from '../api/client.ts';

const PAGE_SIZE = 100;

/** More than anybody would choose from a list. */
const MOST_APPS = 1000;

/** All API keys in force, also those of apps, page by page. */
export const keysQuery = infiniteQueryOptions({
  queryKey: ['keys'],
  queryFn: ({ pageParam, signal }) =>
    posthorn.keys.list({ pageSize: PAGE_SIZE, signal }).page(pageParam),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.cursor,
});

export const appsQuery = queryOptions({
  queryKey: ['apps'],
  queryFn: ({ signal }) => posthorn.apps.list({ pageSize: 500, signal }).take(MOST_APPS),
});

/** The key pair that signs every call; null where the operator has not switched that on. */
export const signingKeyQuery = queryOptions({
  queryKey: ['signing-key'],
  async queryFn({ signal }) {
    try {
      return await posthorn.signingKey.get({ signal });
    } catch (error) {
      if (error instanceof PosthornError && error.code === 'not_found') return null;
      throw error;
    }
  },
});
