import type { AttemptRecord, SettleBatch, SettleItem } from '../operations/hot.ts';

/**
 * A settle batch as it crosses to the store's thread: one flat list of plain values instead of
 * objects. Structured cloning writes every key of every object; without them the main thread
 * spends a third of the time on it, which was a tenth of all its work at full rate.
 */
export type PackedSettleBatch = Omit<SettleBatch, 'items'> & { readonly items: readonly unknown[] };

const ATTEMPT_FIELDS = [
  'number',
  'startedAt',
  'url',
  'requestHeaders',
  'status',
  'responseHeaders',
  'responseBody',
  'responseTruncated',
  'errorCode',
  'errorDetail',
  'dnsMs',
  'connectMs',
  'firstByteMs',
  'totalMs',
] as const satisfies readonly (keyof AttemptRecord)[];

/** Delivery, webhook, failures, failingSince, state, its time, its reason, then the attempt. */
const WIDTH = 7 + ATTEMPT_FIELDS.length;

export function packSettleBatch(batch: SettleBatch): PackedSettleBatch {
  const items: unknown[] = [];
  for (const { deliveryKey, webhook, failures, failingSince, next, attempt } of batch.items) {
    items.push(
      deliveryKey,
      webhook,
      failures,
      failingSince,
      next.state,
      next.state === 'due' ? next.dueAt : next.at,
      next.state === 'failed' ? next.reason : null,
    );
    for (const field of ATTEMPT_FIELDS) items.push(attempt[field]);
  }
  return { ...batch, items };
}

export function unpackSettleBatch(packed: PackedSettleBatch): SettleBatch {
  const items: SettleItem[] = [];
  for (let at = 0; at < packed.items.length; at += WIDTH) items.push(itemAt(packed.items, at));
  return { ...packed, items };
}

function itemAt(values: readonly unknown[], at: number): SettleItem {
  const attempt: Record<string, unknown> = {};
  for (const [i, field] of ATTEMPT_FIELDS.entries()) attempt[field] = values[at + 7 + i];
  return {
    deliveryKey: values[at] as number,
    webhook: values[at + 1] as number,
    failures: values[at + 2] as number,
    failingSince: values[at + 3] as number | null,
    next: nextState(values[at + 4] as string, values[at + 5] as number, values[at + 6]),
    attempt: attempt as unknown as AttemptRecord,
  };
}

function nextState(state: string, time: number, reason: unknown): SettleItem['next'] {
  if (state === 'due') return { state, dueAt: time };
  return state === 'delivered'
    ? { state, at: time }
    : { state: 'failed', at: time, reason: reason as string };
}
