import type { Attempt } from '@posthorn/sdk';
import { expect, it } from 'vitest';
import { timingBarsOf } from './timing-bars.ts';

type Timings = Attempt['timings'];

const ANSWER: Attempt['response'] = {
  status: 200,
  headers: [],
  body: '',
  encoding: 'utf8',
  truncated: false,
};

it.each<[string, Partial<Timings>, Attempt['response'], string]>([
  [
    'a new connection',
    { dnsMs: 2, connectMs: 10, firstByteMs: 30, totalMs: 40 },
    ANSWER,
    'dns 0-2, connect 2-12, wait 12-30, read 30-40',
  ],
  [
    'a new connection over TLS',
    { dnsMs: 2, connectMs: 10, tlsMs: 5, firstByteMs: 30, totalMs: 40 },
    ANSWER,
    'dns 0-2, connect 2-12, tls 12-17, wait 17-30, read 30-40',
  ],
  ['a handshake that failed', { connectMs: 10, totalMs: 14 }, null, 'connect 0-10, failed 10-14'],
  ['a kept one', { firstByteMs: 5, totalMs: 6 }, ANSWER, 'wait 0-5, read 5-6'],
  ['no connection', { totalMs: 3 }, null, 'failed 0-3'],
  [
    'no answer in time',
    { dnsMs: 1, connectMs: 1, totalMs: 15_000 },
    null,
    'dns 0-1, connect 1-2, failed 2-15000',
  ],
  [
    'clocks that disagree',
    { connectMs: 9, firstByteMs: 8, totalMs: 8.5 },
    ANSWER,
    'connect 0-8.5, wait 8.5-8.5, read 8.5-8.5',
  ],
])('shows the steps of %s', (_title, timings, response, steps) => {
  const all: Timings = {
    dnsMs: null,
    connectMs: null,
    tlsMs: null,
    firstByteMs: null,
    totalMs: 0,
    ...timings,
  };
  const bars = timingBarsOf({ timings: all, response });
  expect(bars.map(({ step, fromMs, toMs }) => `${step} ${fromMs}-${toMs}`).join(', ')).toBe(steps);
});
