/** One event. */
export const event = {
  title: 'Event',
  back: 'All events',
  action: 'Action',
  reported: 'Reported',
  location: 'Location',
  id: 'Id',
  record: 'The record, as it was reported',
  deliveries: 'Webhooks it goes to',
  noDeliveries: 'No webhook had asked for this action at this location when it took place.',
  columns: { webhook: 'Webhook', state: 'State', attempts: 'Calls', endedAt: 'Ended' },
  notYet: 'not yet',
  noneTitle: 'There is no such event',
  none: 'It may have been removed when it was old, be at a location that you do not see, or a letter of its id is missing.',
};
