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
  filters: {
    title: 'Filter',
    search: 'Search',
    searchHint: 'Name, URL or description',
    location: 'Location',
    action: 'Action',
    noAction: 'No action has this name',
    state: 'State',
    any: 'Any',
    states: {
      healthy: 'Delivering',
      failing: 'Failing',
      open: 'Failing for long',
      disabled: 'Switched off by failures',
      off: 'Switched off by a person',
    },
    clear: 'Clear filters',
  },
  emptyTitle: 'No webhooks yet',
  empty: 'Create one and send it a test: it arrives within a second.',
  nothingFitsTitle: 'No webhook fits',
  nothingFits: 'Nothing matches these filters.',
};
