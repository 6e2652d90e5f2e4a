import { count } from '../plural.ts';

export const overview = {
  title: 'Overview',
  lead: 'How everything does now, and what needs somebody.',
  span: 'How far back',
  spans: { minute: 'Minute', hour: 'Hour', day: 'Day' },

  events: 'Events',
  calls: 'Calls',
  success: 'Successful calls',
  delivered: 'Delivered',
  latency: 'Median answer time',
  perSecond: (rate: string) => `${rate} per second`,
  perMinute: (rate: string) => `${rate} per minute`,
  perHour: (rate: string) => `${rate} per hour`,
  failedCalls: (number: number) =>
    number === 0 ? 'none failed' : `${count(number, 'call', 'calls')} failed`,
  noneFailed: 'none given up',
  failed: (number: number) => `${count(number, 'delivery', 'deliveries')} given up`,
  p95: (duration: string) => `95% within ${duration}`,
  noAnswer: 'no answer to measure',
  noCall: 'no call yet',

  waiting: 'Waiting',
  due: 'To be sent',
  next: 'the next one at',
  nothingDue: 'Nothing waits to be sent.',
  held: 'Held',
  heldWhy: 'Sent or dropped when their webhook is switched on.',
  nothingHeld: 'Nothing waits for a webhook that is off.',

  attention: 'Webhooks that need somebody',
  nobodyNeeded: 'None: nothing fails, and nothing was switched off by failures.',
  byState: 'Webhooks by state',

  first: {
    noneTitle: 'No webhooks yet',
    none: 'A webhook is a web address that is called when something takes place. Create one, send it a test, and see it arrive.',
    quietTitle: 'Nothing has taken place in the last day',
    quiet:
      'As soon as the platform reports something it is counted here. You can report an event by hand to try it.',
    welcome: 'Try one in a minute',
    create: 'Create a webhook',
    report: 'Report an event',
    catalogue: 'See what can take place',
    demo: 'Or see it all at work in a made-up coworking space, in a terminal:',
  },
};
