import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { parseDurationMs } from '../../config/durations.ts';
import { SCOPES } from '../../settings/principal.ts';
import { authorizeOperator, whoOf } from '../authorize.ts';
import type { ApiNeeds } from '../context.ts';
import { page, PAGE, readCursor } from '../paging.ts';
import { AppError } from '../problem.ts';
import { KEY_FIELDS, keyView, readExpiry, requireScopes } from './key-view.ts';

type KeysNeeds = Pick<ApiNeeds, 'keys' | 'store'>;

const ID = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{12}$' }) });

const SCOPES_OR_ALL = Type.Array(Type.Enum(['*', ...SCOPES]), {
  minItems: 1,
  uniqueItems: true,
  description: '`["*"]`, the default, is everything',
});

/** How long an old key may be good beside its successor. */
const MAX_OVERLAP_MS = 90 * 24 * 3_600_000;

/** Keys: making operators', and looking through, rotating and revoking all of them. */
export function keyRoutes({ keys, store }: KeysNeeds): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/v1/keys',
      {
        schema: {
          tags: ['keys'],
          summary: 'Make a key of an operator; it is shown once',
          body: Type.Object(
            { ...KEY_FIELDS, scopes: Type.Optional(SCOPES_OR_ALL) },
            { additionalProperties: false },
          ),
        },
      },
      async (request, reply) => {
        const principal = authorizeOperator(keys, request);
        const { name = 'key', scopes = ['*'], location = null, expiresAt = null } = request.body;
        if (scopes.includes('*') && scopes.length > 1) {
          throw new AppError('invalid_request', 'scopes: "*" stands alone', 'scopes');
        }
        requireScopes(principal, { scopes });
        const input = { name, scopes, location, expiresAt: readExpiry(expiresAt, Date.now()) };
        const made = await keys.create({ ...input, app: null }, whoOf(principal, request));
        return reply.code(201).send({ ...keyView(made), key: made.key });
      },
    );

    app.get(
      '/v1/keys',
      {
        schema: {
          tags: ['keys'],
          summary: 'All keys in force, of operators and apps, in the order of their ids',
          querystring: Type.Object(PAGE),
        },
      },
      async (request) => {
        authorizeOperator(keys, request);
        const { limit = 50, cursor } = request.query;
        const after = cursor === undefined ? undefined : idOf(readCursor(cursor, 0));
        const rows = await store.listKeys({ limit, ...(after !== undefined && { after }) });
        return page(rows, limit, (row) => Number.parseInt(row.id, 16), keyView);
      },
    );

    app.delete(
      '/v1/keys/:id',
      {
        schema: {
          tags: ['keys'],
          summary: 'Revoke a key, of an operator or an app',
          params: ID,
        },
      },
      async (request, reply) => {
        const principal = authorizeOperator(keys, request);
        const done = await keys.revoke({ id: request.params.id }, whoOf(principal, request));
        if (done === 'unknown') throw notFound();
        if (done === 'last') {
          throw new AppError(
            'conflict',
            'It is the last key that can do everything. Make another first.',
          );
        }
        return reply.code(204).send();
      },
    );

    app.post(
      '/v1/keys/:id/rotate',
      {
        schema: {
          tags: ['keys'],
          summary: 'Make a successor, shown once; the old key is good for a while yet',
          params: ID,
          body: Type.Optional(
            Type.Union([
              Type.Object(
                {
                  overlap: Type.Optional(
                    Type.String({
                      maxLength: 20,
                      description: 'How long the old key is still good: `24h`, the default; `0s`',
                    }),
                  ),
                  expiresAt: KEY_FIELDS.expiresAt,
                },
                { additionalProperties: false },
              ),
              Type.Null(),
            ]),
          ),
        },
      },
      async (request, reply) => {
        const principal = authorizeOperator(keys, request);
        const { id } = request.params;
        const { overlap = '24h', expiresAt } = request.body ?? {};
        const old = await store.getKey({ id });
        if (!old) throw notFound();
        requireScopes(principal, old);
        const input = {
          id,
          overlapMs: readOverlap(overlap),
          expiresAt: readExpiry(expiresAt, Date.now()),
        };
        const made = await keys.rotate(input, whoOf(principal, request));
        if (!made) throw new AppError('conflict', 'It has a successor already, or has just ended.');
        return reply.code(201).send({ ...keyView(made), key: made.key });
      },
    );
  };
}

function notFound(): AppError {
  return new AppError('not_found', 'There is no such key in force.');
}

/** Ids are twelve hex digits, so they are numbers to a cursor. */
function idOf(position: number): string {
  return position.toString(16).padStart(12, '0');
}

function readOverlap(text: string): number {
  const ms = parseDurationMs(text);
  if (ms !== undefined && ms <= MAX_OVERLAP_MS) return ms;
  throw new AppError('invalid_request', 'overlap: must be a duration up to 90d', 'overlap');
}
