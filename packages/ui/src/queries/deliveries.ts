import type { DeliveryQuery } from '@posthorn/sdk';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { posthorn } from '../api/client.ts';
import { pagedQuery } from './paged.ts';

export interface DeliveryFilter extends Pick<
  DeliveryQuery,
  'webhook' | 'state' | 'action' | 'location' | 'event'
> {
  /** Instants, as the API writes them. */
  readonly from?: string;
  readonly to?: string;
}

/** The deliveries that fit, newest first. */
export const deliveriesQuery = (filter: DeliveryFilter) => ({
  ...pagedQuery(['deliveries', 'list', filter], (page) =>
    posthorn.deliveries.list({ ...filter, ...page }),
  ),
  // While another filter is asked for, what there was stays.
  placeholderData: keepPreviousData,
});

/** One delivery with its attempts. */
export const deliveryQuery = (id: string) =>
  queryOptions({
    queryKey: ['deliveries', 'one', id],
    queryFn: ({ signal }) => posthorn.deliveries.get(id, { signal }),
  });
