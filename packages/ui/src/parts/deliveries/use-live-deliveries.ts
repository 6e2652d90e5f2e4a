import type { Delivery, LiveQuery } from '@posthorn/sdk';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useLive } from '../../api/live.ts';
import { deliveriesQuery, type DeliveryFilter } from '../../queries/deliveries.ts';
import type { Pages } from '../../queries/paged.ts';
import { withNews } from './with-news.ts';

/** What arrives within this time is shown at once: the eye sees no difference. */
const GATHER_MS = 200;

/** A page that was left open takes up no more than this; then it begins anew. */
const MAX_ROWS = 2000;

interface LiveDeliveries {
  readonly filter: DeliveryFilter;
  /** Nothing is heard; once that is over, the list is read again. */
  readonly isPaused: boolean;
  /** Called as well when something happened to the webhook of the filter, so that one stream does. */
  readonly onNews: (() => void) | undefined;
}

/** Keeps the list with this filter as it is now; true while connected. */
export function useLiveDeliveries({ filter, isPaused, onNews }: LiveDeliveries): boolean {
  const queryClient = useQueryClient();
  const gathered = useRef<Delivery[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const wasActive = useRef<boolean>(undefined);

  const { queryKey } = deliveriesQuery(filter);
  const readAgain = () => void queryClient.invalidateQueries({ queryKey, exact: true });

  const show = () => {
    timer.current = undefined;
    const news = gathered.current.splice(0);
    const list = queryClient.setQueryData<Pages<Delivery>>(
      queryKey,
      (before) => before && withNews(before, news, filter),
    );
    const rows = list?.pages[0]?.items.length ?? 0;
    if (rows > MAX_ROWS) void queryClient.resetQueries({ queryKey, exact: true });
  };

  const { webhook } = filter;
  const query: LiveQuery = {
    kinds: onNews === undefined ? ['delivery'] : ['delivery', 'webhook'],
    ...(webhook !== undefined && { webhook }),
  };
  return useLive(isPaused ? null : query, ({ kind, data }) => {
    onNews?.();
    if (kind === 'missed') readAgain();
    if (kind === 'webhook') {
      // Switched on or off, it changes what all that waits is called.
      if (wasActive.current !== undefined && wasActive.current !== data.active) readAgain();
      wasActive.current = data.active;
    }
    if (kind !== 'delivery') return;
    gathered.current.push(data);
    timer.current ??= setTimeout(show, GATHER_MS);
  });
}
