import { setTimeout as pause } from 'node:timers/promises';

/** Between two looks: short beside any delay that tests set, long beside what a look costs. */
const LOOK_MS = 10;

/**
 * Waits until `check` returns something other than undefined, null or false, and returns it.
 * A check that throws (an assertion) is tried again; at the deadline its last error is thrown.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { deadlineMs = 8_000 }: { readonly deadlineMs?: number } = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    let failure = new Error(`Not so within ${deadlineMs} ms: ${check.toString()}`);
    try {
      const found = await check();
      if (found !== undefined && found !== null && found !== false) {
        return found as NonNullable<Exclude<T, false>>;
      }
    } catch (error) {
      failure = error as Error;
    }
    if (performance.now() > end) throw failure;
    await pause(LOOK_MS);
  }
}
