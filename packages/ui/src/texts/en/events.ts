import { count } from '../plural.ts';

export const events = {
  title: 'Events',
  lead: 'What took place, newest first, and how many webhooks it goes to.',
  report: 'Report an event',
  columns: {
    action: 'Action',
    createdAt: 'Reported',
    location: 'Location',
    deliveries: 'Goes to',
    id: 'Id',
  },
  test: 'Test',
  deliveries: (number: number) =>
    number === 0 ? 'No webhook' : count(number, 'webhook', 'webhooks'),
  live: 'Live',
  connecting: 'Connecting …',
  follow: 'Show new events as they arrive',
  findById: 'Find by id',
  findByIdHint: 'Find by id: evt_…',
  find: 'Go to this event',
  emptyTitle: 'Nothing has taken place yet',
  empty: 'Events appear here as the platform reports them. You can report one by hand to try it.',
  nothingFitsTitle: 'No event fits',
  nothingFits: 'Nothing that took place matches these filters. Older events may have been removed.',
};
