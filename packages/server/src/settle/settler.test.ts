import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { SettleBatch } from '../store/operations/hot.ts';
import type { Store } from '../store/store.ts';
import { createSettler, type Settlement } from './settler.ts';

it('switches a webhook off also when the store refuses the row of the call that decided it', async () => {
  const written: SettleBatch[] = [];
  const settleAttempts: Store['settleAttempts'] = (batch) => {
    if (batch.items.some(({ attempt }) => attempt.errorCode !== 'record_error')) {
      return Promise.reject(new Error('a byte that no column takes'));
    }
    written.push(batch);
    return Promise.resolve({ fenced: [], disabled: [7] });
  };
  const disabled: (readonly number[])[] = [];
  const settler = createSettler({
    store: { settleAttempts } as Store,
    session: { id: 1, isHeld: true },
    log: pino({ level: 'silent' }),
    onWritten: () => {},
    onDisabled: (webhooks) => void disabled.push(webhooks),
  });

  settler.add(SETTLEMENT);
  await settler.stop();

  expect(written).toHaveLength(1);
  expect(written[0]).toMatchObject({
    items: [{ deliveryKey: 70, attempt: { number: 10, responseHeaders: null } }],
    health: [{ webhook: 7, failures: 1 }],
    disable: [{ webhook: 7 }],
  });
  expect(disabled).toStrictEqual([[7]]);
});

const SETTLEMENT: Settlement = {
  session: 1,
  item: {
    deliveryKey: 70,
    webhook: 7,
    failures: 10,
    failingSince: 1,
    next: { state: 'due', dueAt: 2 },
    attempt: {
      number: 10,
      startedAt: 1,
      url: 'http://receiver.example/',
      requestHeaders: '[]',
      status: 500,
      responseHeaders: '["a","b"]',
      responseBody: null,
      responseTruncated: false,
      errorCode: 'status',
      errorDetail: 'The receiver answered 500',
      certificate: null,
      dnsMs: null,
      connectMs: null,
      tlsMs: null,
      firstByteMs: 1,
      totalMs: 1,
    },
  },
  news: {
    health: { webhook: 7, errorCount: 9, lastSuccessAt: null, writtenTriggerAt: 0, isDirty: false },
    at: 1,
    error: 'The receiver answered 500',
    pausedUntil: null,
  },
  disable: { webhook: 7, reason: 'failing', deliveryKey: 70, detail: 'ten times', at: 1 },
  onSettled() {},
};
