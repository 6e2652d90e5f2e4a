import type { RestEvidence } from './scene.ts';

/** First calls to some receivers, of reports that were accepted at the first try. */
export interface DelaysInput extends Pick<RestEvidence, 'sent' | 'receipts'> {
  readonly receivers: ReadonlySet<string>;
  /** Of reports that were begun in this time. */
  readonly from: number;
  readonly to: number;
}

/** From the report to the first call, in milliseconds, in growing order. */
export function firstCallDelays({ sent, receipts, receivers, from, to }: DelaysInput): number[] {
  const begun = new Map<string, number>();
  const reports = new Map<string, readonly string[]>();
  for (const entry of sent) {
    if (entry.kind === 'intent') {
      if (entry.at < from || entry.at > to) continue;
      const ids = entry.records.map(({ id }) => id);
      reports.set(entry.key, ids);
      for (const id of ids) begun.set(id, entry.at);
    } else if (entry.kind === 'unknown') {
      for (const id of reports.get(entry.key) ?? []) begun.delete(id);
    }
  }
  const delays: number[] = [];
  for (const { record, receiver, attempt, at } of receipts) {
    const reportedAt = begun.get(record);
    if (reportedAt !== undefined && attempt === 1 && receivers.has(receiver))
      delays.push(at - reportedAt);
  }
  return delays.toSorted((a, b) => a - b);
}

/** The value that this share of them does not exceed; 0 of none. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
