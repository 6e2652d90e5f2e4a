import type { SendingWebhook } from '../store/operations/sessions.ts';
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
 * - `open`: sends up to its concurrency at once.
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
  /** Places promised to a claim under way. */
  claiming = 0;
  /** The earliest due time of what waits in the store; null: nothing does, as far as we know. */
  nextDueAt: number | null = null;
  pausedUntil = 0;

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

  /** Deliveries it may still take into memory. */
  room(now: number): number {
    if (this.isOff || this.isPaused(now)) return 0;
    return LANE_CAPACITY - this.occupied;
  }

  /**
   * What newly accepted deliveries may take: half of the room while older ones wait in the
   * store, so that neither starves the other.
   */
  roomForNew(now: number): number {
    const room = Math.max(0, this.room(now));
    return this.nextDueAt !== null && this.nextDueAt <= now ? room >> 1 : room;
  }

  get occupied(): number {
    return this.queue.length + this.sending + this.unsettled + this.claiming;
  }

  /** Whether a claim is worth its while: due work, and room for at least half a lane of it. */
  wantsClaim(now: number): boolean {
    return (
      this.nextDueAt !== null &&
      this.nextDueAt <= now &&
      this.claiming === 0 &&
      this.room(now) >= LANE_CAPACITY / 2
    );
  }

  /** When it should be looked at again for due work; null: only when something happens. */
  wakeAt(): number | null {
    if (this.nextDueAt === null || this.isOff) return null;
    return Math.max(this.nextDueAt, this.pausedUntil);
  }
}
