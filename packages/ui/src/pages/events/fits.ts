import type { PostedEvent } from '@posthorn/sdk';
import type { EventFilter } from '../../queries/events.ts';

/** Whether a list with this filter would have the event, as the API judges. */
export function fits(event: PostedEvent, { action, location, from, to }: EventFilter): boolean {
  const at = Date.parse(event.createdAt);
  return (
    (action === undefined || event.action === action) &&
    (location === undefined || event.location === location) &&
    (from === undefined || at >= Date.parse(from)) &&
    (to === undefined || at < Date.parse(to))
  );
}
