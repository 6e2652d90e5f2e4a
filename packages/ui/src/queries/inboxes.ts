import { queryOptions } from '@tanstack/react-query';
import { posthorn } from '../api/client.ts';
import { pagedQuery } from './paged.ts';

export const inboxesQuery = pagedQuery(['inboxes'], (page) => posthorn.inboxes.list(page));

export const inboxQuery = (id: string) =>
  queryOptions({
    queryKey: ['inbox', id],
    queryFn: ({ signal }) => posthorn.inboxes.get(id, { signal }),
  });

/** What arrived, newest first; their bodies come along, so pages are short. */
export const inboxRequestsQuery = (id: string) =>
  pagedQuery(['inbox', id, 'requests'], (page) =>
    posthorn.inboxes.requests(id, { ...page, pageSize: 25 }),
  );
