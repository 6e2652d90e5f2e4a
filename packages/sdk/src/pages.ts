import type { CallOptions, Send } from './request.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** Asks for what follows; null: nothing does. */
  readonly cursor: string | null;
}

export interface PageQuery extends CallOptions {
  /** Items of one request, 1 to 500. Default: 50. */
  readonly pageSize?: number;
}

/**
 * A list of the service. Nothing is asked before it is read, and never more than one page ahead.
 *
 *     for await (const delivery of posthorn.deliveries.list({ state: 'failed' })) …
 */
export interface List<T> extends AsyncIterable<T> {
  /** One page: the first, or the one that a cursor asks for. */
  page(cursor?: string | null): Promise<Page<T>>;
  /** The first `count` items, or fewer if there are no more. */
  take(count: number): Promise<T[]>;
}

/** The list at `path`; what else the query has is asked for with every page. */
export function listOf<T>(send: Send, path: string, query: PageQuery): List<T> {
  const { pageSize, signal, ...filter } = query as PageQuery & Record<never, never>;
  const page = (cursor: string | null = null, limit = pageSize) =>
    send<Page<T>>('GET', path, { query: { ...filter, limit, cursor }, ...(signal && { signal }) });

  async function* items(): AsyncGenerator<T, void, undefined> {
    let cursor: string | null = null;
    do {
      const { items: found, cursor: next }: Page<T> = await page(cursor);
      yield* found;
      cursor = next;
    } while (cursor !== null);
  }

  return {
    [Symbol.asyncIterator]: items,
    page: (cursor) => page(cursor),
    async take(count) {
      const taken: T[] = [];
      let cursor: string | null = null;
      while (taken.length < count) {
        const limit = Math.min(pageSize ?? MAX_PAGE, count - taken.length);
        const { items: found, cursor: next }: Page<T> = await page(cursor, limit);
        taken.push(...found);
        if (next === null) break;
        cursor = next;
      }
      return taken;
    },
  };
}

/** The largest page that the service gives. */
const MAX_PAGE = 500;
