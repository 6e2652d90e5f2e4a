import { queryOptions } from '@tanstack/react-query';
import { posthorn } from '../api/client.ts';

/** How many are offered to choose from. */
const OFFERED = 20;

/** Webhooks that have a text in their name, URL or description. */
export const webhookNamesQuery = (q: string) =>
  queryOptions({
    queryKey: ['webhooks', 'names', q],
    queryFn: ({ signal }) =>
      posthorn.webhooks.list({ ...(q !== '' && { q }), signal }).take(OFFERED),
  });
