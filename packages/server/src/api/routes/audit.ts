import { Readable } from 'node:stream';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { AuditEntry } from '../../store/operations/audit.ts';
import { AUDITED } from '../../store/operations/write-audit.ts';
import type { PublicIds } from '../../store/public-id.ts';
import type { Store } from '../../store/store.ts';
import { authorizeOperator } from '../authorize.ts';
import type { ApiNeeds } from '../context.ts';
import { instant, page, PAGE, readCursor, readInstant } from '../paging.ts';

type AuditNeeds = Pick<ApiNeeds, 'keys' | 'store'>;

/** Entries of an export that are in memory at once. */
const SLICE = 500;
const NDJSON = 'application/x-ndjson';

/** The audit: who changed what. Read by operators, changed by nobody. */
export function auditRoutes({ keys, store }: AuditNeeds): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/v1/audit',
      {
        schema: {
          tags: ['audit'],
          summary: 'Who changed what, newest first',
          description:
            'With `accept: application/x-ndjson` or `format=ndjson` everything from `cursor` on, one entry per line; `limit` is not looked at then.',
          querystring: Type.Object({
            ...PAGE,
            what: Type.Optional(Type.Enum([...AUDITED])),
            who: Type.Optional(
              Type.String({
                maxLength: 100,
                description: 'The id of a key or a person, `configured`, `system` or `unknown`',
              }),
            ),
            from: Type.Optional(Type.String()),
            to: Type.Optional(Type.String()),
            format: Type.Optional(Type.Enum(['json', 'ndjson'])),
          }),
        },
      },
      async (request, reply) => {
        authorizeOperator(keys, request, 'audit:read');
        const { limit = 50, cursor, what, who, format } = request.query;
        const filter = {
          what,
          who,
          from: readInstant(request.query.from, 'from'),
          to: readInstant(request.query.to, 'to'),
        };
        const before = readCursor(cursor, Number.MAX_SAFE_INTEGER);
        if ((format ?? (request.headers.accept === NDJSON ? 'ndjson' : 'json')) === 'ndjson') {
          return reply.type(NDJSON).send(Readable.from(allLines(store, { ...filter, before })));
        }
        const rows = await store.listAudit({ ...filter, before, limit });
        return page(
          rows,
          limit,
          (row) => row.id,
          (row) => auditView(row, store.ids),
        );
      },
    );
  };
}

/** Slice by slice, as fast as the reader takes them. */
async function* allLines(
  store: Store,
  query: Omit<Parameters<Store['listAudit']>[0], 'limit'>,
): AsyncGenerator<string> {
  let { before } = query;
  for (;;) {
    const rows = await store.listAudit({ ...query, before, limit: SLICE });
    if (rows.length > 0) {
      yield rows.map((row) => `${JSON.stringify(auditView(row, store.ids))}\n`).join('');
    }
    if (rows.length < SLICE) return;
    before = rows.at(-1)!.id;
  }
}

function auditView({ id, at, by, what, subject, details }: AuditEntry, ids: PublicIds) {
  const { address, ...who } = by;
  const [kind, of] = subject?.split(/:(.*)/s) ?? [];
  const delivery = details['delivery'];
  return {
    id,
    at: instant(at),
    who,
    address,
    what,
    subject: kind === 'delivery' ? `delivery:${ids.delivery(Number(of))}` : subject,
    details:
      typeof delivery === 'number' ? { ...details, delivery: ids.delivery(delivery) } : details,
  };
}
