import type { EventQuery } from '@posthorn/sdk';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { posthorn } from '../api/client.ts';
import { pagedQuery } from './paged.ts';

export interface EventFilter {
  /** A name. */
  readonly action?: string | undefined;
  readonly location?: number | undefined;
  /** Instants in RFC 3339. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** What took place and fits, newest first. */
export const eventsQuery = (filter: EventFilter) => ({
  ...pagedQuery(['events', 'list', filter], (page) =>
    posthorn.events.list({ ...(filter as EventQuery), ...page }),
  ),
  // While another filter is asked for, what there was stays.
  placeholderData: keepPreviousData,
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
