import { infiniteQueryOptions } from '@tanstack/react-query';
import { posthorn } from '../api/client.ts';

const PAGE_SIZE = 100;

/** Everybody who may sign in, page by page. */
export const peopleQuery = infiniteQueryOptions({
  queryKey: ['people'],
  queryFn: ({ pageParam, signal }) =>
    posthorn.people.list({ pageSize: PAGE_SIZE, signal }).page(pageParam),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.cursor,
});
