import { count } from '../plural.ts';

export const webhooks = {
  title: 'Webhooks',
  lead: 'Every webhook is a web address that is called when something takes place.',
  columns: {
    name: 'Name and URL',
    state: 'State',
    actions: 'Actions',
    location: 'Location',
    day: 'Last 24 hours',
    lastTrigger: 'Last delivered',
  },
  everyAction: 'All actions',
  moreActions: (number: number) => `and ${count(number, 'other', 'others')}`,
  lastError: 'Last error:',
  day: (calls: number, failed: number) =>
    calls === 0
      ? 'No calls in the last 24 hours'
      : `${count(calls, 'call', 'calls')} in the last 24 hours, ${failed === 0 ? 'none' : count(failed, 'of them', 'of them')} failed`,
  search: 'Search',
  searchHint: 'Name, URL or description',
  emptyTitle: 'No webhooks yet',
  empty: 'Create one and send it a test: it arrives within a second.',
  nothingFitsTitle: 'No webhook fits',
  nothingFits: 'Nothing matches these filters.',
};
