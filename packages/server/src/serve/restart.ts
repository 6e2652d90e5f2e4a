/** A worker that lived for so long died of something that comes seldom. */
const LONG_LIFE_MS = 60_000;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;

/**
 * When to replace a worker that died: at once, since what it held waits for the one that takes its
 * place; but after growing pauses while each one dies soon, so that a fault never becomes a storm.
 * `deaths`: how many workers before it died soon, one after the other.
 */
export function restartDelayMs(
  deaths: number,
  livedMs: number,
): { readonly delayMs: number; readonly deaths: number } {
  if (deaths === 0 || livedMs >= LONG_LIFE_MS) return { delayMs: 0, deaths: 1 };
  const delayMs = Math.min(FIRST_DELAY_MS * 2 ** (deaths - 1), LONGEST_DELAY_MS);
  return { delayMs, deaths: deaths + 1 };
}
