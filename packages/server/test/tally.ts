/** What became of the events that a platform sent while something was being broken. */
export interface Tally {
  /** Events that the platform was told are kept. */
  readonly accepted: number;
  readonly refused: number;
  /** Events without an answer, and how many of them were kept. */
  readonly unknown: number;
  readonly unknownKept: number;
  /** Pairs of an accepted event and a webhook that wants it, neither received nor visible. */
  readonly lost: number;
  /** Calls answered with 2xx whose delivery had been answered with 2xx before. */
  readonly duplicates: number;
}
