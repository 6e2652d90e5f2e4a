import type { Scope, Session } from '@posthorn/sdk';
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

/** Whether somebody may do what needs this scope. */
export function may(session: Session | undefined, scope: Scope): boolean {
  return session?.scopes.some((one) => one === '*' || one === scope) ?? false;
}
