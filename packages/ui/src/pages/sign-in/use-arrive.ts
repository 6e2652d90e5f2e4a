import { useNavigate } from '@tanstack/react-router';
import { queryClient } from '../../api/query-client.ts';
import { signedOut } from '../../api/signed-out.ts';

/**
 * What follows once somebody is signed in: on to the page they wanted, which asks who they are. What
 * was read before belongs to nobody, or to somebody else.
 */
export function useArrive() {
  const navigate = useNavigate();
  return async (next = '/') => {
    signedOut.set(false);
    queryClient.clear();
    await navigate({ href: next, replace: true });
  };
}
