import { durationInWords } from '../durations.ts';
import { count } from '../plural.ts';

export const parts = {
  close: 'Close',
  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'The browser does not let this page copy: mark the text and copy it yourself.',
  tree: 'Tree',
  raw: 'Raw',
  notJson: 'This is not JSON, so it is shown as it came.',
  empty: 'Empty',
  unfold: (hidden: number) => `Show ${count(hidden, 'more character', 'more characters')}`,
  fold: 'Show less',
  items: (number: number) => count(number, 'item', 'items'),
  fields: (number: number) => count(number, 'field', 'fields'),
  more: 'Load more',
  loading: 'Loading …',
  loadedAll: (number: number) => `${count(number, 'row', 'rows')}, that is all`,
  loaded: (number: number) => `${count(number, 'row', 'rows')} so far`,
  never: 'never',
  everyLocation: 'All locations',
  noLocation: 'None',
  location: (id: number, name: string | null) =>
    name === null ? `Location ${id}` : `${name} (${id})`,
  noSuchLocation: 'No location has this name. One that is new can be typed by its number.',
  createWebhook: 'Create webhook',
  until: (ms: number) => (ms < 1000 ? 'now' : `in ${durationInWords(ms)}`),
  control: (code: string) => `control character ${code}`,
};
