/** The longest pause a receiver can ask for; more is read as this. */
const LONGEST_PAUSE_MS = 24 * 3_600_000;

/**
 * Reads `Retry-After` as milliseconds from now: seconds or an HTTP date, at most a day.
 * Null for none, and for what means nothing: junk, zero, negative or past.
 */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  const ms = /^\d{1,10}$/.test(text) ? Number(text) * 1000 : httpDate(text) - now;
  return ms > 0 ? Math.min(ms, LONGEST_PAUSE_MS) : null;
}

/** IMF-fixdate, the one form that servers send today; NaN for anything else. */
function httpDate(text: string): number {
  return /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
}
