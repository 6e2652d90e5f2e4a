/** How long the other side may say nothing. */
export interface Silence {
  /** Aborted once it said nothing for too long; ends the request that is waited for. */
  readonly signal: AbortSignal;
  /** Waits for what the other side says next. Time that is not spent waiting counts for nothing. */
  limit<T>(waiting: Promise<T>): Promise<T>;
}

export function createSilence(ms: number): Silence {
  const tooLong = new AbortController();
  return {
    signal: tooLong.signal,
    async limit(waiting) {
      const timer = setTimeout(() => tooLong.abort(), ms);
      try {
        return await waiting;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
