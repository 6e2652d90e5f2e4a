import type { AcceptBatch, AcceptedBatch } from './hot.ts';

/** Who gets an event: asked once per action and location of a batch, inside its transaction. */
export interface Subscriber {
  readonly webhook: number;
  readonly active: boolean;
}

/** A delivery of a batch; `request` and `record` are places in the batch and in the request. */
export interface NewDelivery {
  readonly key: number;
  readonly eventKey: number;
  readonly request: number;
  readonly record: number;
}

/**
 * The deliveries of a batch as they are born: leased to the session while their webhook is on and
 * its lane has room, and always if they are tests; else due. `mayLease`: the session is alive.
 */
export class Births {
  /** Those born leased. */
  readonly leased: AcceptedBatch['leased'] = {
    key: [],
    eventKey: [],
    webhook: [],
    request: [],
    record: [],
  };
  readonly #batch: AcceptBatch;
  readonly #mayLease: boolean;
  readonly #rooms = new Map<number, number>();
  readonly #woken = new Set<number>();

  constructor(batch: AcceptBatch, { mayLease }: { mayLease: boolean }) {
    this.#batch = batch;
    this.#mayLease = mayLease;
  }

  /** Webhooks that are on and got deliveries that are due. */
  get woken(): number[] {
    return [...this.#woken];
  }

  /** Whether it is born leased. */
  lease({ webhook, active }: Subscriber, delivery: NewDelivery): boolean {
    const { rooms, fullRoom, requests } = this.#batch;
    const room = this.#rooms.get(webhook) ?? rooms.get(webhook) ?? fullRoom;
    const isTest = requests[delivery.request]!.testOf !== null;
    if (!this.#mayLease || !(isTest || (active && room > 0))) {
      if (active) this.#woken.add(webhook);
      return false;
    }
    this.#rooms.set(webhook, room - 1);
    const { leased } = this;
    leased.key.push(delivery.key);
    leased.eventKey.push(delivery.eventKey);
    leased.webhook.push(webhook);
    leased.request.push(delivery.request);
    leased.record.push(delivery.record);
    return true;
  }
}
