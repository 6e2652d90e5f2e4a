import type { AcceptedBatch, SettleBatch } from '../store/operations/hot.ts';
import { MAX_TOLD, type Tidings } from './told.ts';

/** Their deliveries too: one that is born held is told of at no other time. */
export function tidingsOfAccepted({ requests }: AcceptedBatch): Tidings {
  const events: number[] = [];
  const deliveries: number[] = [];
  let isIncomplete = false;
  for (const request of requests) {
    if (request.kind !== 'accepted') continue;
    for (const [key, count] of request.events) {
      events.push(key);
      // Their keys are right behind the event's.
      const told = Math.min(count, MAX_TOLD - deliveries.length);
      for (let nth = 1; nth <= told; nth++) deliveries.push(key + nth);
      if (told < count) isIncomplete = true;
    }
  }
  return { events, deliveries, isIncomplete };
}

export function tidingsOfSettled({ items, health, disable }: SettleBatch): Tidings {
  return {
    deliveries: items.map(({ deliveryKey }) => deliveryKey),
    webhooks: [...health, ...disable].map(({ webhook }) => webhook),
  };
}
