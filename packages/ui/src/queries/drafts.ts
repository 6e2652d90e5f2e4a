import type { PreviewInput } from '@posthorn/sdk';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { posthorn } from '../api/client.ts';

/** Whether a URL would be called, and why not. */
export const urlCheckQuery = (url: string) =>
  queryOptions({
    queryKey: ['url-check', url],
    queryFn: ({ signal }) => posthorn.webhooks.checkUrl(url, { signal }),
  });

/** The call that a webhook would make; the one before stays until the next is known. */
export const previewQuery = (draft: PreviewInput) =>
  queryOptions({
    queryKey: ['preview', draft],
    queryFn: ({ signal }) => posthorn.webhooks.preview(draft, { signal }),
    placeholderData: keepPreviousData,
  });
