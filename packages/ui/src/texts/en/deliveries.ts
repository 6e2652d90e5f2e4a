import { count } from '../plural.ts';

/** Lists of deliveries, and what is said of one wherever it stands. */
export const deliveries = {
  title: 'Deliveries',
  lead: 'Every event on its way to every webhook, newest first.',
  columns: {
    state: 'State',
    action: 'Action',
    webhook: 'Webhook',
    attempts: 'Calls',
    createdAt: 'Since',
    location: 'Location',
  },
  states: {
    due: 'Waiting',
    held: 'Held',
    sending: 'Being sent',
    delivered: 'Delivered',
    failed: 'Failed',
    cancelled: 'Cancelled',
  },
  turn: 'for its turn',
  nextCall: 'for its next call,',
  whenSwitchedOn: 'until its webhook is switched on',
  reasons: {
    exhausted: 'after its last re-attempt',
    single: 'when it was sent again',
    dropped: 'when its webhook was switched on',
    webhook_deleted: 'as its webhook was deleted',
  } as Readonly<Record<string, string>>,
  test: 'Test',

  selectAll: 'Select all that are shown',
  selectOne: (action: string, webhook: string) => `Select ${action} for ${webhook}`,
  selected: (number: number) => `${count(number, 'delivery', 'deliveries')} selected`,
  clearSelection: 'Select none',
  resend: 'Send again',
  resent: (number: number) => `${count(number, 'delivery is', 'deliveries are')} being sent again.`,
  notResent: (number: number, why: string) => `${number} not: ${why}`,

  live: 'Live',
  connecting: 'Connecting …',
  paused: 'Paused',

  filters: {
    webhook: 'Webhook',
    webhookNumber: (id: number) => `Webhook ${id}`,
    noWebhook: 'No webhook has that in its name, URL or description',
    event: 'Event',
  },
  emptyTitle: 'Nothing was sent yet',
  empty: 'As soon as something takes place that a webhook asked for, it is listed here.',
  toWebhooks: 'To the webhooks',
  nothingFitsTitle: 'No delivery fits',
  nothingFits: 'Nothing matches these filters.',
};
