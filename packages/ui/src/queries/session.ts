import type { Scope } from '@posthorn/sdk';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { posthorn } from '../api/client.ts';

/** Who is signed in; fails with `unauthorized` if nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => posthorn.session.get({ signal }),
  staleTime: 60_000,
});

/** Whether whoever is signed in may do this, as far as this page knows; the API decides. */
export function useMay(scope: Scope): boolean {
  const { data: session } = useQuery(sessionQuery);
  return session?.scopes.some((one) => one === '*' || one === scope) ?? false;
}

export const signInWaysQuery = queryOptions({
  queryKey: ['sign-in-ways'],
  queryFn: ({ signal }) => posthorn.session.ways({ signal }),
});
