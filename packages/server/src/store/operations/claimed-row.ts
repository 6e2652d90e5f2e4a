import type { ClaimedDelivery } from './hot.ts';

/** A delivery with its event's record, as the claims of both engines read it. */
export interface ClaimedRow {
  key: number;
  event_key: number;
  webhook_id: number;
  action: number;
  is_test: number;
  record: Uint8Array;
  attempts: number;
  failures: number;
  failing_since: number | null;
  is_single: number;
  delivered_at: number | null;
}

export function claimedDelivery(row: ClaimedRow): ClaimedDelivery {
  return {
    key: row.key,
    eventKey: row.event_key,
    webhook: row.webhook_id,
    action: row.action,
    isTest: row.is_test === 1,
    record: row.record,
    attempts: row.attempts,
    failures: row.failures,
    failingSince: row.failing_since,
    isSingle: row.is_single === 1,
    deliveredAt: row.delivered_at,
  };
}
