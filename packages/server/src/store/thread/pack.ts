import type { AttemptRecord, SettleBatch, SettleItem } from '../operations/hot.ts';

/**
 * A settle batch as it crosses to the store's thread: one flat list of plain values instead of
 * objects. Structured cloning writes every key of every object; without them the main thread
 * spends a third of the time on it, which was a tenth of all its work at full rate.
 */
export type PackedSettleBatch = Omit<SettleBatch, 'items'> & { readonly items: readonly unknown[] };

/** Values per item. Both functions name them one by one: a loop over names costs as much again. */
const WIDTH = 23;

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
      attempt.number,
      attempt.startedAt,
      attempt.url,
      attempt.requestHeaders,
      attempt.status,
      attempt.responseHeaders,
      attempt.responseBody,
      attempt.responseTruncated,
      attempt.errorCode,
      attempt.errorDetail,
      attempt.certificate,
      attempt.dnsMs,
      attempt.connectMs,
      attempt.tlsMs,
      attempt.firstByteMs,
      attempt.totalMs,
    );
  }
  return { ...batch, items };
}

export function unpackSettleBatch(packed: PackedSettleBatch): SettleBatch {
  const values = packed.items;
  const items: SettleItem[] = [];
  for (let at = 0; at < values.length; at += WIDTH) {
    items.push({
      deliveryKey: values[at] as number,
      webhook: values[at + 1] as number,
      failures: values[at + 2] as number,
      failingSince: values[at + 3] as number | null,
      next: nextState(values[at + 4] as string, values[at + 5] as number, values[at + 6]),
      attempt: attemptAt(values, at + 7),
    });
  }
  return { ...packed, items };
}

function attemptAt(values: readonly unknown[], at: number): AttemptRecord {
  return {
    number: values[at] as number,
    startedAt: values[at + 1] as number,
    url: values[at + 2] as string,
    requestHeaders: values[at + 3] as string,
    status: values[at + 4] as number | null,
    responseHeaders: values[at + 5] as string | null,
    responseBody: values[at + 6] as Uint8Array | null,
    responseTruncated: values[at + 7] as boolean,
    errorCode: values[at + 8] as string | null,
    errorDetail: values[at + 9] as string | null,
    certificate: values[at + 10] as string | null,
    dnsMs: values[at + 11] as number | null,
    connectMs: values[at + 12] as number | null,
    tlsMs: values[at + 13] as number | null,
    firstByteMs: values[at + 14] as number | null,
    totalMs: values[at + 15] as number,
  };
}

function nextState(state: string, time: number, reason: unknown): SettleItem['next'] {
  if (state === 'due') return { state, dueAt: time };
  return state === 'delivered'
    ? { state, at: time }
    : { state: 'failed', at: time, reason: reason as string };
}
