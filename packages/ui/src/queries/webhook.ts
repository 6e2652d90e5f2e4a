import { queryOptions } from '@tanstack/react-query';
import { posthorn } from '../api/client.ts';

/** One webhook, with what waits for it. */
export const webhookQuery = (id: number) =>
  queryOptions({
    queryKey: ['webhooks', 'one', id],
    queryFn: ({ signal }) => posthorn.webhooks.get(id, { signal }),
  });
