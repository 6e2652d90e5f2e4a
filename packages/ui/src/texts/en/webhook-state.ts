import { count } from '../plural.ts';

/** How a webhook fares: the state, and behind it what there is to know. */
export const webhookState = {
  states: {
    healthy: 'Delivering',
    failing: 'Failing',
    open: 'Failing',
    off: 'Switched off',
    disabled: 'Switched off',
  },
  since: 'since',
  nextTry: 'next try',
  afterFailures: (number: number) => `after ${count(number, 'failure', 'failures')}`,
  becauseGone: ', because its receiver said that it is gone',
  byPerson: 'by a person',
  at: 'at',
  on: 'on',
  waiting: (number: number) => `${count(number, 'event is', 'events are')} waiting`,
};
