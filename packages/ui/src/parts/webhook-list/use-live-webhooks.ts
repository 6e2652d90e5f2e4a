import type { LiveMessage } from '@posthorn/sdk';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useLive } from '../../api/live.ts';
import type { Pages } from '../../queries/paged.ts';
import type { ListedWebhook } from '../../queries/webhooks.ts';

/** The lists of webhooks, whatever their filter. */
const LISTS = ['webhooks', 'list'];

/** Until a page of the list is read again while messages come: for what waits, and for new webhooks. */
const READ_MS = 1500;
/** Until it is read once more after the last one: calls are counted some seconds later. */
const COUNTED_MS = 7000;

type WebhookNews = Extract<LiveMessage, { kind: 'webhook' }>['data'];

/**
 * Keeps the lists of webhooks as they are now: what a message tells of a webhook is shown at once,
 * and what it does not tell (its day, what waits, whether a new one fits) is read again, the more
 * seldom the more pages there are.
 */
export function useLiveWebhooks(pages: number): void {
  const queryClient = useQueryClient();
  const reading = useRef<ReturnType<typeof setTimeout>>(undefined);
  const readingCounts = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    return () => {
      clearTimeout(reading.current);
      clearTimeout(readingCounts.current);
      reading.current = undefined;
    };
  }, []);

  const readAgain = () => {
    reading.current = undefined;
    // A page that is being read is not given up for it.
    void queryClient.invalidateQueries({ queryKey: LISTS }, { cancelRefetch: false });
  };

  useLive({ kinds: ['webhook'] }, ({ kind, data }) => {
    if (kind === 'missed') readAgain();
    if (kind !== 'webhook') return;
    queryClient.setQueriesData<Pages<ListedWebhook>>(
      { queryKey: LISTS },
      (list) => list && withNews(list, data),
    );
    reading.current ??= setTimeout(readAgain, READ_MS * Math.max(1, pages));
    clearTimeout(readingCounts.current);
    readingCounts.current = setTimeout(readAgain, COUNTED_MS * Math.max(1, pages));
  });
}

function withNews(
  list: Pages<ListedWebhook>,
  { deleted, ...news }: WebhookNews,
): Pages<ListedWebhook> {
  return {
    ...list,
    pages: list.pages.map((page) => ({
      ...page,
      items: page.items
        .filter(({ id }) => !deleted || id !== news.id)
        .map((row) => (row.id === news.id ? { ...row, ...news } : row)),
    })),
  };
}
