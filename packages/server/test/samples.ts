import { randomUUID } from 'node:crypto';
import type { AcceptRequest, AttemptRecord, SettleItem } from '../src/store/operations/hot.ts';
import type { Store } from '../src/store/store.ts';
import { SYSTEM } from '../src/store/who.ts';

/** A webhook that is on and wants everything, unless `given` says otherwise. */
export function sampleWebhook(
  given: Partial<Parameters<Store['createWebhook']>[0]> = {},
): Parameters<Store['createWebhook']>[0] {
  return {
    uniqueId: randomUUID(),
    by: SYSTEM,
    app: null,
    location: null,
    name: 'A sample',
    description: '',
    url: 'http://receiver.example/',
    concurrency: null,
    actions: '*',
    active: true,
    ...given,
  };
}

/** A report of action 6 with one record of two bytes. */
export function sampleRequest(given: Partial<AcceptRequest> = {}): AcceptRequest {
  return { action: 6, location: null, recordEnds: [2], idempotency: null, testOf: null, ...given };
}

/** The first call of a delivery, answered well and with nothing. */
export function sampleAttempt(given: Partial<AttemptRecord> = {}): AttemptRecord {
  return {
    number: 1,
    startedAt: 1,
    url: 'http://receiver.example/',
    requestHeaders: '[]',
    status: 200,
    responseHeaders: '[]',
    responseBody: null,
    responseTruncated: false,
    errorCode: null,
    errorDetail: null,
    certificate: null,
    dnsMs: null,
    connectMs: null,
    tlsMs: null,
    firstByteMs: 1,
    totalMs: 1,
    ...given,
  };
}

/** What follows from such a call: the delivery is delivered. */
export function sampleSettlement(
  webhook: number,
  deliveryKey: number,
  attempt: Partial<AttemptRecord> = {},
): SettleItem {
  return {
    deliveryKey,
    webhook,
    failures: 0,
    failingSince: null,
    next: { state: 'delivered', at: attempt.startedAt ?? 1 },
    attempt: sampleAttempt(attempt),
  };
}
