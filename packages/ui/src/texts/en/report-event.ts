import { count } from '../plural.ts';

/** What a field should be, as people say it. */
const TYPES: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

const FORMATS = {
  'date-time': 'is no time such as 2026-11-03T09:30:00Z',
  uuid: 'is no UUID such as 0f8fad5b-d9cb-469f-a165-70867728950e',
};

type Problem =
  | { readonly kind: 'not-json' | 'not-an-object' | 'missing' | 'twice' }
  | { readonly kind: 'type'; readonly wanted: readonly string[]; readonly found: string }
  | { readonly kind: 'format'; readonly format: keyof typeof FORMATS };

/** Reporting an event by hand. */
export const reportEvent = {
  title: 'Report an event',
  lead: 'For trying things out: it is kept and sent like one that the platform reports.',
  action: 'What took place',
  chooseAction: 'Choose or search',
  option: (label: string, value: number) => `${label} (${value})`,
  noAction: 'No action has that in its name',
  beginTitle: 'Choose what took place',
  begin: 'Then there is a sample of its record here, to be changed as you like.',
  location: 'Location',
  locationHint:
    'By name, or by number if it is new. Left empty, only webhooks for all locations get it.',
  record: (record: string) => `The record (${record})`,
  submit: 'Report it',
  reset: 'Back to the sample',
  reported: (deliveries: number) =>
    deliveries === 0
      ? 'Reported. No webhook has asked for it.'
      : `Reported. It goes to ${count(deliveries, 'webhook', 'webhooks')}.`,

  fits: 'Fits the schema',
  differs: (number: number) =>
    `${count(number, 'thing differs', 'things differ')} from the schema. It can be reported all the same.`,
  refused: 'This cannot be reported',
  line: (line: number) => `Line ${line}`,
  more: (number: number) => `and ${count(number, 'more', 'more')}`,
  problem(problem: Problem): string {
    switch (problem.kind) {
      case 'not-json':
        return 'From here on it is not JSON.';
      case 'not-an-object':
        return 'A record is an object, in curly brackets.';
      case 'missing':
        return 'is missing';
      case 'twice':
        return 'stands there more than once';
      case 'format':
        return FORMATS[problem.format];
      case 'type': {
        const wanted = problem.wanted.map((type) => TYPES[type] ?? type).join(' or ');
        return `is ${TYPES[problem.found] ?? problem.found}, and should be ${wanted}`;
      }
    }
  },
};
