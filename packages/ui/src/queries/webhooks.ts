import type { Page, Webhook, WebhookQuery, WithDay } from '@posthorn/sdk';
import { type InfiniteData, infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import { posthorn } from '../api/client.ts';

/** One request of a list: enough for a large screen and half of another. */
const PAGE_SIZE = 100;

export type WebhookFilter = Pick<WebhookQuery, 'location' | 'action' | 'state' | 'q'>;

/** A webhook of a list, with its last day and what waits for it. */
export type ListedWebhook = Webhook & WithDay;

export type WebhookPages = InfiniteData<Page<ListedWebhook>, string | null>;

/** The webhooks that fit, page by page. */
export const webhooksQuery = (filter: WebhookFilter) =>
  infiniteQueryOptions({
    queryKey: ['webhooks', 'list', filter],
    queryFn: ({ pageParam, signal }) =>
      posthorn.webhooks.listWithDay({ ...filter, pageSize: PAGE_SIZE, signal }).page(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.cursor,
    // While another filter is asked for, what there was stays.
    placeholderData: keepPreviousData,
  });
