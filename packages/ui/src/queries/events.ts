import type { EventQuery } from '@posthorn/sdk';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { posthorn } from '../api/client.ts';

/** One request of the list: enough for a large screen and half of another. */
const PAGE_SIZE = 100;

export interface EventFilter {
  /** A name. */
  readonly action?: string | undefined;
  readonly location?: number | undefined;
  /** Instants in RFC 3339. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** What took place and fits, newest first, page by page. */
export const eventsQuery = (filter: EventFilter) =>
  infiniteQueryOptions({
    queryKey: ['events', 'list', filter],
    queryFn: ({ pageParam, signal }) =>
      posthorn.events
        .list({ ...(filter as EventQuery), pageSize: PAGE_SIZE, signal })
        .page(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.cursor,
  });

/** One event with its deliveries. */
export const eventQuery = (id: string) =>
  queryOptions({
    queryKey: ['events', 'one', id],
    queryFn: ({ signal }) => posthorn.events.get(id, { signal }),
  });

/** Its record as it was reported, which never changes. */
export const recordQuery = (id: string) =>
  queryOptions({
    queryKey: ['events', 'record', id],
    queryFn: ({ signal }) => posthorn.events.record(id, { signal }),
    staleTime: Infinity,
  });
