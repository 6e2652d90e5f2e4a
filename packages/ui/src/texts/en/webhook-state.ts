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
  /** Where nothing stands behind them that tells them apart: in filters and counts. */
  apart: {
    healthy: 'Delivering',
    failing: 'Failing',
    open: 'Failing for long',
    disabled: 'Switched off by failures',
    off: 'Switched off by a person',
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
