import type { WebhookQuery } from '@posthorn/sdk';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { posthorn } from '../api/client.ts';

/** One request of a list: enough for a large screen and half of another. */
const PAGE_SIZE = 100;

export type WebhookFilter = Pick<WebhookQuery, 'location' | 'action' | 'active'>;

/** The webhooks that fit, page by page. */
export const webhooksQuery = (filter: WebhookFilter) =>
  infiniteQueryOptions({
    queryKey: ['webhooks', filter],
    queryFn: ({ pageParam, signal }) =>
      posthorn.webhooks.list({ ...filter, pageSize: PAGE_SIZE, signal }).page(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.cursor,
  });
