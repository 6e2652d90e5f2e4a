import type { PostedEvent } from '@posthorn/sdk';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useLive } from '../../api/live.ts';
import { fits } from '../../parts/filters/fits.ts';
import { StateBadge } from '../../parts/state-badge.tsx';
import { type EventFilter, eventsQuery } from '../../queries/events.ts';
import type { Pages } from '../../queries/paged.ts';
import { texts } from '../../texts/texts.ts';

/** What arrives is shown together this often: a list that jumps more often cannot be read. */
const SHOW_MS = 1000;
/** More than this at once is read anew, as a page; what was loaded below it is let go. */
const MAX_ADDED = 200;

/** Puts new events on top of the list while it is shown, and says that it does. */
export function Follow({ filter }: { readonly filter: EventFilter }) {
  const queryClient = useQueryClient();
  const arrived = useRef<PostedEvent[]>([]);
  const { queryKey } = eventsQuery(filter);

  const readAgain = () => void queryClient.invalidateQueries({ queryKey });
  const isConnected = useLive({ kinds: ['event'] }, ({ kind, data }) => {
    if (kind === 'missed') readAgain();
    if (kind === 'event' && fits(data, filter)) arrived.current.push(data);
  });

  const show = useEffectEvent(() => {
    const added = arrived.current.splice(0);
    if (added.length === 0) return;
    const isTooMuch = added.length > MAX_ADDED;
    queryClient.setQueryData<Pages<PostedEvent>>(
      queryKey,
      (list) => list && withAdded(list, added, isTooMuch),
    );
    if (isTooMuch) readAgain();
  });
  useEffect(() => {
    const timer = setInterval(() => show(), SHOW_MS);
    return () => clearInterval(timer);
  }, []);

  return (
    <StateBadge mood={isConnected ? 'good' : 'calm'}>
      {isConnected ? texts.events.live : texts.events.connecting}
    </StateBadge>
  );
}

/** Newest on top; a list that is read again begins with its first page alone. */
function withAdded(
  list: Pages<PostedEvent>,
  added: readonly PostedEvent[],
  isTooMuch: boolean,
): Pages<PostedEvent> {
  const [first, ...others] = list.pages;
  if (first === undefined) return list;
  if (isTooMuch) return { pages: [first], pageParams: list.pageParams.slice(0, 1) };
  const known = new Set(first.items.map(({ id }) => id));
  const fresh = added.filter(({ id }) => !known.has(id)).toReversed();
  return { ...list, pages: [{ ...first, items: [...fresh, ...first.items] }, ...others] };
}
