const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/**
 * Reads `500ms`, `2s`, `1.5m`, `36h` or `30d` as milliseconds.
 * Returns undefined for anything else: a bare number has no unit and is refused on purpose.
 */
export function parseDurationMs(text: string): number | undefined {
  const match = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/.exec(text.trim());
  if (!match) return undefined;
  const ms = Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS];
  return Number.isInteger(ms) ? ms : Math.round(ms);
}
