import { queryOptions } from '@tanstack/react-query';
import { posthorn } from '../api/client.ts';

/** The service counts as calls end, so that asking more often shows nothing new. */
const EVERY_MS = 5000;

/** How the whole service does, as far as whoever is signed in sees it. */
export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: ({ signal }) => posthorn.overview({ signal }),
  refetchInterval: EVERY_MS,
});
