import type { Delivery } from '@posthorn/sdk';
import { describe, expect, it } from 'vitest';
import type { DeliveryFilter } from '../../queries/deliveries.ts';
import type { Pages } from '../../queries/paged.ts';
import { withNews } from './with-news.ts';

/** `n` is also the second at which it took place. */
function delivery(n: number, change: Partial<Delivery> = {}): Delivery {
  return {
    id: `msg_${n}`,
    event: `evt_${n}`,
    action: 'BookingCreate',
    location: null,
    webhook: 7,
    webhookName: 'Doors',
    test: false,
    state: 'delivered',
    attempts: 1,
    createdAt: new Date(n * 1000).toISOString(),
    nextAttemptAt: null,
    deliveredAt: null,
    endedAt: null,
    reason: null,
    ...change,
  };
}

/** Pages of these; the last one is the last of all unless `hasMore`. */
function listOf(pages: readonly (readonly number[])[], hasMore = false): Pages<Delivery> {
  return {
    pageParams: pages.map(() => null),
    pages: pages.map((numbers, index) => ({
      items: numbers.map((n) => delivery(n)),
      cursor: hasMore || index < pages.length - 1 ? 'next' : null,
    })),
  };
}

const idsOf = (list: Pages<Delivery>) => list.pages.map(({ items }) => items.map(({ id }) => id));
const after = (list: Pages<Delivery>, news: readonly Delivery[], filter: DeliveryFilter = {}) =>
  idsOf(withNews(list, news, filter));

describe('a list of deliveries', () => {
  it('begins with what is new', () => {
    expect(after(listOf([[2, 1]]), [delivery(3), delivery(4)])).toEqual([
      ['msg_4', 'msg_3', 'msg_2', 'msg_1'],
    ]);
    expect(after(listOf([[]]), [delivery(1)])).toEqual([['msg_1']]);
  });

  it('shows what it has as it is now, though the filter would not find it any more', () => {
    const failed = delivery(1, { state: 'failed' });
    const { pages } = withNews(listOf([[2], [1]]), [failed], { state: 'delivered' });
    expect(pages[1]!.items).toEqual([failed]);
    expect(pages[0]!.items).toEqual([delivery(2)]);
  });

  it.each<[DeliveryFilter, boolean]>([
    [{ webhook: 7, action: 'BookingCreate', event: 'evt_5', state: 'delivered' }, true],
    [{ webhook: 8 }, false],
    [{ state: 'failed' }, false],
    [{ action: 'BookingDelete' }, false],
    [{ location: 1 }, false],
    [{ event: 'evt_6' }, false],
    [{ from: new Date(5000).toISOString() }, true],
    [{ from: new Date(5001).toISOString() }, false],
    [{ to: new Date(5001).toISOString() }, true],
    [{ to: new Date(5000).toISOString() }, false],
  ])('with the filter %o takes it up: %s', (filter, isTaken) => {
    expect(after(listOf([[1]]), [delivery(5)], filter)).toEqual([
      isTaken ? ['msg_5', 'msg_1'] : ['msg_1'],
    ]);
  });

  it('puts an older one at its place, if that was read already', () => {
    const list = listOf(
      [
        [9, 7],
        [5, 3],
      ],
      true,
    );
    expect(after(list, [delivery(8)])).toEqual([
      ['msg_9', 'msg_8', 'msg_7'],
      ['msg_5', 'msg_3'],
    ]);
    expect(after(list, [delivery(4)])[1]).toEqual(['msg_5', 'msg_4', 'msg_3']);
    expect(after(list, [delivery(1)])).toEqual(idsOf(list));
    expect(after(listOf([[9, 7]]), [delivery(1)])).toEqual([['msg_9', 'msg_7', 'msg_1']]);
  });
});
