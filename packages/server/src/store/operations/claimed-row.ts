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

/**
 * A row as it is found: a damaged store may have lost the event. Such a delivery can never be sent
 * and is cancelled, or its lane would ask for it again and again.
 */
export type FoundRow<Row extends ClaimedRow> =
  Row | (Omit<Row, 'action' | 'is_test' | 'record'> & { record: null });

export function hasRecord<Row extends ClaimedRow>(row: FoundRow<Row>): row is Row {
  return row.record !== null;
}

export const WITHOUT_RECORD = 'record_missing';

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
