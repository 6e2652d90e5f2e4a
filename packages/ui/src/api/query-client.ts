import { PosthornError } from '@posthorn/sdk';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { isGone, isSignedOut } from './problems.ts';
import { reportGone } from './reachable.ts';
import { signedOut } from './signed-out.ts';

/** What was read stays good for this long when a page is opened again; live pages ask earlier. */
const FRESH_MS = 10_000;

const onError = (error: Error) => {
  if (isGone(error)) reportGone();
  if (isSignedOut(error)) signedOut.set(true);
};

/** All that the pages have read. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      // What the API refused stays refused; when it is gone, the banner asks until it is back.
      retry: (failures, error) =>
        failures < 2 && error instanceof PosthornError && error.retryAfterMs !== null,
      retryDelay: (_failures, error) =>
        (error instanceof PosthornError ? error.retryAfterMs : null) ?? 1000,
    },
    mutations: { retry: false },
  },
});
