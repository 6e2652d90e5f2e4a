import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SettleItem } from '../operations/hot.ts';
import { packSettleBatch, unpackSettleBatch } from './pack.ts';

const orNull = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });
const time = fc.nat();
const item: fc.Arbitrary<SettleItem> = fc.record({
  deliveryKey: fc.maxSafeNat(),
  webhook: fc.nat(),
  failures: fc.nat(),
  failingSince: orNull(time),
  next: fc.oneof(
    fc.record({ state: fc.constant('delivered' as const), at: time }),
    fc.record({ state: fc.constant('due' as const), dueAt: time }),
    fc.record({ state: fc.constant('failed' as const), at: time, reason: fc.string() }),
  ),
  attempt: fc.record({
    number: fc.nat(),
    startedAt: time,
    url: fc.string(),
    requestHeaders: fc.string(),
    status: orNull(fc.nat()),
    responseHeaders: orNull(fc.string()),
    responseBody: orNull(fc.uint8Array()),
    responseTruncated: fc.boolean(),
    errorCode: orNull(fc.string()),
    errorDetail: orNull(fc.string()),
    certificate: orNull(fc.string()),
    dnsMs: orNull(fc.nat()),
    connectMs: orNull(fc.nat()),
    tlsMs: orNull(fc.nat()),
    firstByteMs: orNull(fc.nat()),
    totalMs: fc.nat(),
  }),
});

it('gives back every batch as it was, after it crossed to another thread', () => {
  fc.assert(
    fc.property(fc.array(item, { maxLength: 5 }), (items) => {
      const batch = { session: 1, items, health: [], disable: [] };
      const crossed = structuredClone(packSettleBatch(batch));
      expect(unpackSettleBatch(crossed)).toEqual(batch);
    }),
  );
});
