import type { HealthChange } from '../store/operations/hot.ts';

/** How often a healthy webhook's `lastTrigger` is written: often enough for people. */
const TRIGGER_WRITE_MS = 1000;

/** A webhook's health as this process knows it; one object per lane, changed as calls end. */
export interface LaneHealth {
  readonly webhook: number;
  /** Failed calls since the last success, as last written. */
  errorCount: number;
  /** The last time any request was answered well. Exact here, up to a second old in the store. */
  lastSuccessAt: number | null;
  writtenTriggerAt: number;
  /** A success since then is not written yet. */
  isDirty: boolean;
}

/** What one call says about its webhook's health. */
export interface HealthNews {
  readonly health: LaneHealth;
  readonly at: number;
  /** Null after success. */
  readonly error: string | null;
  readonly pausedUntil: number | null;
}

/**
 * Sums up the news of a batch, in order, one change per webhook whose health changes. Successes
 * of a healthy webhook are written once a second, not per delivery. Updates each health as if
 * the changes were written: a batch that fails is written again with the same changes.
 */
export function healthChanges(news: readonly HealthNews[]): HealthChange[] {
  const changes: HealthChange[] = [];
  for (const [health, items] of Map.groupBy(news, (item) => item.health)) {
    const lastSuccess = items.findLastIndex((item) => item.error === null);
    const failed = items.slice(lastSuccess + 1);
    const succeeded = lastSuccess >= 0 || health.isDirty;
    if (succeeded && failed.length === 0 && isQuiet(health, items[lastSuccess]!.at)) {
      health.isDirty = true;
      continue;
    }
    changes.push({
      webhook: health.webhook,
      succeeded,
      failures: failed.length,
      lastError: items.findLast((item) => item.error !== null)?.error ?? null,
      lastTriggerAt: succeeded ? health.lastSuccessAt : null,
      failedAt: failed[0]?.at ?? null,
      pausedUntil: failed.findLast((item) => item.pausedUntil !== null)?.pausedUntil ?? null,
    });
    health.errorCount = failed.length + (succeeded ? 0 : health.errorCount);
    if (succeeded) markWritten(health);
  }
  return changes;
}

/** The successes that {@link healthChanges} put off. */
export function dirtyChange(health: LaneHealth): HealthChange {
  markWritten(health);
  return {
    webhook: health.webhook,
    succeeded: true,
    failures: 0,
    lastError: null,
    lastTriggerAt: health.lastSuccessAt,
    failedAt: null,
    pausedUntil: null,
  };
}

function isQuiet(health: LaneHealth, at: number): boolean {
  return health.errorCount === 0 && at - health.writtenTriggerAt < TRIGGER_WRITE_MS;
}

function markWritten(health: LaneHealth): void {
  health.writtenTriggerAt = health.lastSuccessAt ?? 0;
  health.isDirty = false;
}
