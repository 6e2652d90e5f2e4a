import sql, { empty } from 'sql-template-tag';
import { andWithin, type Bounds, UNBOUNDED } from '../bounds.ts';
import type { OperationContext } from '../tx.ts';

/** What people are told. */
export interface StoredNotice {
  readonly id: number;
  readonly kind: 'webhook_disabled' | 'delivery_failed';
  readonly webhook: number;
  readonly deliveryKey: number | null;
  readonly detail: string;
  readonly createdAt: number;
}

/** Newest first, those below `before`. */
export async function listNotices(
  { tx }: OperationContext,
  input: { before: number; limit: number; bounds?: Bounds; webhook?: number | undefined },
): Promise<StoredNotice[]> {
  return tx.all(sql`
    select n.id, n.kind, n.webhook_id as webhook, n.delivery_key as "deliveryKey", n.detail,
      n.created_at as "createdAt"
    from notices n
    join webhooks w on w.id = n.webhook_id
    where n.id < ${input.before}
      ${andWithin(input.bounds ?? UNBOUNDED)}
      ${input.webhook === undefined ? empty : sql`and n.webhook_id = ${input.webhook}`}
    order by n.id desc
    limit ${input.limit}`);
}
