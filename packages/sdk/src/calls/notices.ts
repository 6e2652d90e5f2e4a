import { listOf, type PageQuery } from '../pages.ts';
import type { Send } from '../request.ts';

/** What people are told. */
export interface Notice {
  readonly id: number;
  readonly kind: 'webhook_disabled' | 'delivery_failed';
  readonly webhook: number;
  readonly delivery: string | null;
  readonly detail: string;
  readonly createdAt: string;
}

export function noticeCalls(send: Send) {
  return {
    /** Newest first. */
    list: (query: PageQuery & { readonly webhook?: number } = {}) =>
      listOf<Notice>(send, '/v1/notices', query),
  };
}
