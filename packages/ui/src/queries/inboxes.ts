import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { posthorn } from '../api/client.ts';

export const inboxesQuery = infiniteQueryOptions({
  queryKey: ['inboxes'],
  queryFn: ({ pageParam, signal }) =>
    posthorn.inboxes.list({ pageSize: 100, signal }).page(pageParam),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.cursor,
});

export const inboxQuery = (id: string) =>
  queryOptions({
    queryKey: ['inbox', id],
    queryFn: ({ signal }) => posthorn.inboxes.get(id, { signal }),
  });

/** What arrived, newest first; their bodies come along, so pages are short. */
export const inboxRequestsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['inbox', id, 'requests'],
    queryFn: ({ pageParam, signal }) =>
      posthorn.inboxes.requests(id, { pageSize: 25, signal }).page(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.cursor,
  });
