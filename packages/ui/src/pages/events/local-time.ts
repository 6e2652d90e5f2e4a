/** `2026-11-03T10:42` in the reader's zone, as a field for dates has it; empty if there is none. */
export function localOf(instant: string | undefined): string {
  if (instant === undefined) return '';
  const at = new Date(instant);
  const shifted = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** The instant that a field for dates means; undefined while it is empty or half typed. */
export function instantOf(local: string): string | undefined {
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
