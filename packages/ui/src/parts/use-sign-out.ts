import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { posthorn } from '../api/client.ts';
import { queryClient } from '../api/query-client.ts';

/** Ends the session of this browser, or all of the person's, and forgets what was read. */
export function useSignOut(): (where: 'here' | 'everywhere') => void {
  const navigate = useNavigate();
  const { mutate } = useMutation({
    mutationFn: (where: 'here' | 'everywhere') =>
      where === 'here' ? posthorn.session.signOut() : posthorn.session.signOutEverywhere(),
    onSuccess: async () => {
      await navigate({ to: '/sign-in' });
      queryClient.clear();
    },
  });
  return mutate;
}
