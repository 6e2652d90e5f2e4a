import { queryOptions } from '@tanstack/react-query';
import { posthorn } from '../api/client.ts';

/** More than anybody would choose from a list. */
const MOST = 1000;

/** The locations that are known so far; others can be named by their number all the same. */
export const locationsQuery = queryOptions({
  queryKey: ['locations'],
  queryFn: ({ signal }) => posthorn.locations.list({ pageSize: 500, signal }).take(MOST),
  staleTime: 60_000,
});
