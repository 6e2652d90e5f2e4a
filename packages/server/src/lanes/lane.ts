import type { ProbeClaim } from '../store/operations/hot.ts';
import type { SendingWebhook } from '../store/operations/sending-webhook.ts';
import { type Breaker, CLOSED, isOpen, limitOf, soleSuspect } from './breaker.ts';
import type { LaneHealth } from '../settle/health.ts';
import type { LeasedDelivery } from './delivery.ts';

/**
 * Deliveries that one lane holds in memory at most, waiting, under way and unsettled together.
 * More than a commit's worth of events (tens) and enough to keep the calls busy while a claim
 * runs (some ms); the rest waits in the store, so that a slow receiver costs bounded memory.
 */
export const LANE_CAPACITY = 256;

/**
 * The deliveries of one webhook as the sender sees them. Plain state with the questions that
 * follow from it; `lanes.ts` moves the deliveries.
 *
 * - sending, up to its concurrency at once; less while it recovers (see `breaker.ts`).
 * - open (its receiver seems dead): one probe at a time, and tests.
 * - paused until a time: the receiver asked for it; nothing is sent, nothing is kept in memory.
 * - off (its webhook is not active): only tests are sent.
 */
export class Lane {
  readonly webhook: number;
  readonly health: LaneHealth;
  /** Null until loaded, and again when its settings changed. */
  target: SendingWebhook | null = null;
  isLoading = false;
  /** Its settings changed since the loading under way began. */
  isStale = false;
  readonly queue: LeasedDelivery[] = [];
  /** Calls under way. */
  sending = 0;
  /** Calls that are over but not yet written down. */
  unsettled = 0;
  /** Calls that were written down. */
  settled = 0;
  /** What the store last said of its receiver was read before a call of ours was written down. */
  isBehind = false;
  /** Places promised to a claim under way. */
  claiming = 0;
  /**
   * The earliest due time of what waits in the store; null: nothing does, as far as we know.
   * Of an open lane: when its next probe is due, or is to be asked for.
   */
  nextDueAt: number | null = null;
  pausedUntil = 0;
  breaker: Breaker = CLOSED;

  constructor(webhook: number) {
    this.webhook = webhook;
    this.health = {
      webhook,
      errorCount: 0,
      lastSuccessAt: null,
      writtenTriggerAt: 0,
      isDirty: false,
    };
  }

  get isOff(): boolean {
    return this.target?.active === false;
  }

  isPaused(now: number): boolean {
    return this.pausedUntil > now;
  }

  get isOpen(): boolean {
    return isOpen(this.breaker);
  }

  /** Calls at once now; `share`: this node's share of what its webhook allows. */
  concurrency(share: number): number {
    // What an open lane may send at all is counted when it is claimed.
    return this.isOpen ? share : limitOf(this.breaker, share);
  }

  /** Whether this delivery may be sent by a lane in this state. */
  maySend(delivery: LeasedDelivery, now: number): boolean {
    if (this.isOff) return delivery.isTest;
    if (this.isPaused(now)) return false;
    return !this.isOpen || delivery.isTest || delivery.isProbe;
  }

  /** Deliveries it may still take into memory. */
  room(now: number): number {
    if (this.isOff || this.isPaused(now)) return 0;
    if (this.isOpen) return this.occupied === 0 ? 1 : 0;
    return LANE_CAPACITY - this.occupied;
  }

  /** What a claim must know of an open lane. */
  get probe(): ProbeClaim | null {
    if (!this.isOpen) return null;
    return { enabledAt: this.target?.enabledAt ?? 0, besides: soleSuspect(this.breaker) };
  }

  /** Whether deliveries that come now change what the lane does next: not while it is open. */
  get isIndifferent(): boolean {
    return this.isOpen && this.nextDueAt !== null && soleSuspect(this.breaker) === null;
  }

  /**
   * What newly accepted deliveries may take: half of the room while older ones wait in the
   * store, so that neither starves the other.
   */
  roomForNew(now: number): number {
    if (this.isOpen) return 0;
    const room = Math.max(0, this.room(now));
    return this.nextDueAt !== null && this.nextDueAt <= now ? room >> 1 : room;
  }

  get occupied(): number {
    return this.queue.length + this.sending + this.unsettled + this.claiming;
  }

  /**
   * Whether a claim is worth its while: due work, and room for at least half a lane of it; in an
   * open lane, for the probe.
   */
  wantsClaim(now: number): boolean {
    return (
      this.nextDueAt !== null &&
      this.nextDueAt <= now &&
      this.claiming === 0 &&
      this.room(now) >= (this.isOpen ? 1 : LANE_CAPACITY / 2)
    );
  }

  /** When it should be looked at again for due work; null: only when something happens. */
  wakeAt(): number | null {
    if (this.nextDueAt === null || this.isOff) return null;
    return Math.max(this.nextDueAt, this.pausedUntil);
  }
}
