import type { List, Page, PageQuery } from '@posthorn/sdk';
import { type InfiniteData, infiniteQueryOptions, type QueryKey } from '@tanstack/react-query';

/** Rows of one request: enough for a large screen and half of another. */
export const PAGE_SIZE = 100;

/** As a list is kept: the pages that were read so far. */
export type Pages<Row> = InfiniteData<Page<Row>, string | null>;

/** A list of the API, read page by page as somebody asks for more; its data are the rows. */
export function pagedQuery<Row>(queryKey: QueryKey, list: (page: PageQuery) => List<Row>) {
  return infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal }) => list({ pageSize: PAGE_SIZE, signal }).page(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.cursor,
    select: rowsOf<Row>,
  });
}

function rowsOf<Row>({ pages }: Pages<Row>): readonly Row[] {
  return pages.flatMap(({ items }) => items);
}
