import { queryOptions } from '@tanstack/react-query';
import { posthorn } from '../api/client.ts';

/** Who is signed in; fails with `unauthorized` if nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => posthorn.session.get({ signal }),
  staleTime: 60_000,
});

export const signInWaysQuery = queryOptions({
  queryKey: ['sign-in-ways'],
  queryFn: ({ signal }) => posthorn.session.ways({ signal }),
});
