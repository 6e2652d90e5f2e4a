import type { Delivery, DeliveryQuery, Page } from '@posthorn/sdk';
import {
  type InfiniteData,
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
} from '@tanstack/react-query';
import { posthorn } from '../api/client.ts';

/** One request of a list: enough for a large screen and half of another. */
const PAGE_SIZE = 100;

export interface DeliveryFilter extends Pick<
  DeliveryQuery,
  'webhook' | 'state' | 'action' | 'location' | 'event'
> {
  /** Instants, as the API writes them. */
  readonly from?: string;
  readonly to?: string;
}

export type DeliveryPages = InfiniteData<Page<Delivery>, string | null>;

/** The deliveries that fit, newest first, page by page. */
export const deliveriesQuery = (filter: DeliveryFilter) =>
  infiniteQueryOptions({
    queryKey: ['deliveries', 'list', filter],
    queryFn: ({ pageParam, signal }) =>
      posthorn.deliveries.list({ ...filter, pageSize: PAGE_SIZE, signal }).page(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.cursor,
    // While another filter is asked for, what there was stays.
    placeholderData: keepPreviousData,
  });

/** One delivery with its attempts. */
export const deliveryQuery = (id: string) =>
  queryOptions({
    queryKey: ['deliveries', 'one', id],
    queryFn: ({ signal }) => posthorn.deliveries.get(id, { signal }),
  });
