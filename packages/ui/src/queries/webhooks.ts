import type { Webhook, WebhookQuery, WithDay } from '@posthorn/sdk';
import { keepPreviousData } from '@tanstack/react-query';
import { posthorn } from '../api/client.ts';
import { pagedQuery } from './paged.ts';

export type WebhookFilter = Pick<WebhookQuery, 'location' | 'action' | 'state' | 'q'>;

/** A webhook of a list, with its last day and what waits for it. */
export type ListedWebhook = Webhook & WithDay;

/** The webhooks that fit. */
export const webhooksQuery = (filter: WebhookFilter) => ({
  ...pagedQuery(['webhooks', 'list', filter], (page) =>
    posthorn.webhooks.listWithDay({ ...filter, ...page }),
  ),
  // While another filter is asked for, what there was stays.
  placeholderData: keepPreviousData,
});
