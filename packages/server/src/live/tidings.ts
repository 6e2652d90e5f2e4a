import type { AcceptedBatch, SettleBatch } from '../store/operations/hot.ts';
import type { Tidings } from './told.ts';

export function tidingsOfAccepted({ requests }: AcceptedBatch): Tidings {
  const events: number[] = [];
  for (const request of requests) {
    if (request.kind === 'accepted') for (const [key] of request.events) events.push(key);
  }
  return { events };
}

export function tidingsOfSettled({ items, health, disable }: SettleBatch): Tidings {
  return {
    deliveries: items.map(({ deliveryKey }) => deliveryKey),
    webhooks: [...health, ...disable].map(({ webhook }) => webhook),
  };
}
