import type { AcceptRequest, RefusedRequest } from './hot.ts';

/**
 * Deliveries that a request with several records, and the requests of one commit together, may make.
 *
 * On two cores with ten times more work than they can do a commit of 20,000 takes 0.3 to 0.8 s, on
 * both engines, one of 50,000 1 to 2 s, and everybody who reports waits for it. One of 500,000 held
 * SQLite's writer for 15 s, and took PostgreSQL longer than any statement may.
 */
export const MAX_DELIVERIES = 20_000;

/** How many deliveries a batch may still make. */
export class Allowance {
  #left = MAX_DELIVERIES;

  /**
   * Takes what a request needs, whose records each go to so many webhooks; otherwise says why not.
   * The first request of a batch is never put off, nor is an event refused for its webhooks alone: it
   * would never be kept.
   */
  refusal({ recordEnds }: AcceptRequest, webhooks: number): RefusedRequest | null {
    const deliveries = recordEnds.length * webhooks;
    if (recordEnds.length > 1 && deliveries > MAX_DELIVERIES) return { kind: 'too-many', webhooks };
    const isFirst = this.#left === MAX_DELIVERIES;
    if (!isFirst && deliveries > Math.max(0, this.#left)) return { kind: 'later' };
    this.#left -= deliveries;
    return null;
  }
}
