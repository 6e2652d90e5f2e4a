import type { Delivery } from '@posthorn/sdk';
import type { DeliveryFilter } from '../../queries/deliveries.ts';
import type { Pages } from '../../queries/paged.ts';
import { fits } from '../filters/fits.ts';

/**
 * A list of deliveries, newest first, after some of them changed: those that it has are shown as
 * they are now, even if the filter would no longer find them, and others take their place if they
 * fit. What belongs behind the pages that were read comes with the next page.
 */
export function withNews(
  list: Pages<Delivery>,
  news: readonly Delivery[],
  filter: DeliveryFilter,
): Pages<Delivery> {
  const unseen = new Map(news.map((delivery) => [delivery.id, delivery]));
  let pages = list.pages.map((page) => ({
    ...page,
    items: page.items.map((row) => {
      const changed = unseen.get(row.id);
      unseen.delete(row.id);
      return changed ?? row;
    }),
  }));
  for (const delivery of unseen.values()) {
    if (!fits(delivery, filter)) continue;
    const place = pages.findIndex(
      ({ items, cursor }) => cursor === null || isNewer(delivery, items.at(-1)),
    );
    pages = pages.map((page, index) =>
      index === place ? { ...page, items: withOne(page.items, delivery) } : page,
    );
  }
  return { ...list, pages };
}

function withOne(items: readonly Delivery[], delivery: Delivery): Delivery[] {
  const at = items.findIndex((row) => isNewer(delivery, row));
  return items.toSpliced(at === -1 ? items.length : at, 0, delivery);
}

/** Instants of the API are as long as each other, so that their text has their order. */
function isNewer({ createdAt }: Delivery, other: Delivery | undefined): boolean {
  return other === undefined || createdAt >= other.createdAt;
}
