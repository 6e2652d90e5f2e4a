import type { WebhookInput } from '@posthorn/sdk';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { posthorn } from '../api/client.ts';

/** Whether a URL would be called, and why not. */
export const urlCheckQuery = (url: string) =>
  queryOptions({
    queryKey: ['url-check', url],
    queryFn: ({ signal }) => posthorn.webhooks.checkUrl(url, { signal }),
  });

export type Draft = Pick<WebhookInput, 'actions' | 'url' | 'location'> & {
  /** Whose sample is sent; not given: the first one's. */
  readonly action?: string;
};

/** The call that a webhook would make; the one before stays until the next is known. */
export const previewQuery = (draft: Draft) =>
  queryOptions({
    queryKey: ['preview', draft],
    queryFn: ({ signal }) => posthorn.webhooks.preview(draft, { signal }),
    placeholderData: keepPreviousData,
  });
