import { performance } from 'node:perf_hooks';

/** Deliveries in memory above which intake may have to wait for sending. */
const HIGH_WATER = 512;
/** How full of work the loop must be for that: with time to spare, nothing needs to wait. */
const SATURATED = 0.9;
/** When nothing leaves for so long, what is in memory waits for receivers and not for the loop. */
const STUCK_MS = 2;
/** How often that is looked at, and the longest wait of one commit. */
const LOOK_MS = 20;

/**
 * Shares the loop fairly between intake and sending. While the loop has time to spare, every
 * commit has its turn at once. While it is saturated and many deliveries wait in memory, the next
 * commit waits until some of them are gone, so that a flood of batches cannot starve sending.
 *
 * Receivers that hang leave the loop idle, and what waits for them does not leave: they hold up
 * intake neither while there is time nor while others keep the loop busy.
 */
export function createTurn(occupied: () => number): {
  turn: () => Promise<void> | null;
  stop: () => void;
} {
  let before = performance.eventLoopUtilization();
  let isSaturated = false;
  const look = setInterval(() => {
    const now = performance.eventLoopUtilization();
    isSaturated = performance.eventLoopUtilization(now, before).utilization > SATURATED;
    before = now;
  }, LOOK_MS);
  look.unref();

  return {
    turn: () =>
      isSaturated && occupied() > HIGH_WATER ? untilBelow(occupied, occupied() >> 1) : null,
    stop: () => clearInterval(look),
  };
}

async function untilBelow(occupied: () => number, target: number): Promise<void> {
  const end = performance.now() + LOOK_MS;
  let lowest = occupied();
  let loweredAt = performance.now();
  while (lowest > target && performance.now() < end) {
    await new Promise(setImmediate);
    if (occupied() < lowest) {
      lowest = occupied();
      loweredAt = performance.now();
    } else if (performance.now() - loweredAt > STUCK_MS) return;
  }
}
