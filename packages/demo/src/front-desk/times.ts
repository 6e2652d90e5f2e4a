/** The house keeps UTC all year, so what the terminal tells and what the records say is the same. */

export const MINUTE_MS = 60_000;
export const HALF_HOUR_MS = 30 * MINUTE_MS;
export const DAY_MS = 24 * 60 * MINUTE_MS;

/** `2026-02-03T14:00:00Z`, as times look that come out of the platform's database. */
export function secondText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** `2026-02-02T09:12:44.3870261Z`, as the stamps look of what was written a moment ago. */
export function stampText(at: number, hundredNanoseconds: number): string {
  return `${new Date(at).toISOString().slice(0, 23)}${String(hundredNanoseconds).padStart(4, '0')}Z`;
}

/** `Tue 14:00` */
export function dayAndTime(at: number): string {
  const date = new Date(at);
  return `${date.toUTCString().slice(0, 3)} ${clockTime(at)}`;
}

/** `14:00` */
export function clockTime(at: number): string {
  return new Date(at).toISOString().slice(11, 16);
}

export function startOfDay(at: number): number {
  return Math.floor(at / DAY_MS) * DAY_MS;
}
