/** A delivery that this process holds: leased, with its record in memory. */
export interface LeasedDelivery {
  /**
   * The session that holds it. What becomes of it is written under this number, or not at all: a node
   * that began anew may hold the same delivery again, for another call.
   */
  readonly session: number;
  readonly key: number;
  readonly eventKey: number;
  readonly action: number;
  readonly isTest: boolean;
  readonly record: Uint8Array;
  /** Calls made so far. */
  readonly attempts: number;
  /** Failed calls in a row, and since when. */
  readonly failures: number;
  readonly failingSince: number | null;
  /** A person asked for this one call. */
  readonly isSingle: boolean;
  /** Claimed by an open lane to try its receiver with. */
  readonly isProbe: boolean;
}
