import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { isMalformedSecret } from '../../attempt/sign.ts';
import type { Principal } from '../../settings/keys.ts';
import { authorize, authorizeOperator, ownScope, whoOf } from '../authorize.ts';
import type { ApiNeeds } from '../context.ts';
import { instant, page, PAGE, readCursor } from '../paging.ts';
import { AppError } from '../problem.ts';
import { LOCATION } from './events.ts';

type SettingsNeeds = Pick<ApiNeeds, 'keys' | 'secrets' | 'store'>;

const SCOPE = Type.Object({
  scope: Type.String({
    pattern: '^(default|(location|app):[1-9][0-9]{0,15})$',
    description: '`default`, `location:ID` or `app:ID`',
  }),
});

/** Shared secrets, the names of locations, and what people are told. */
export function settingsRoutes({ keys, secrets, store }: SettingsNeeds): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.put(
      '/v1/secrets/:scope',
      {
        schema: {
          tags: ['secrets'],
          summary: 'Set the shared secret of a scope',
          params: SCOPE,
          body: Type.Object(
            { secret: Type.String({ minLength: 1, maxLength: 1024 }) },
            { additionalProperties: false },
          ),
        },
      },
      async (request) => {
        const { scope } = request.params;
        const principal = await authorizeScope(request, scope);
        const { secret } = request.body;
        if (/[\p{Cc}\p{Cs}]/u.test(secret)) {
          throw new AppError(
            'invalid_request',
            'secret: must not contain control characters',
            'secret',
          );
        }
        if (isMalformedSecret(secret)) {
          throw new AppError(
            'invalid_request',
            'secret: after whsec_ it must be standard base64',
            'secret',
          );
        }
        const { setAt } = await secrets.set(scope, secret, whoOf(principal, request));
        return { scope, isSet: true, setAt: instant(setAt) };
      },
    );

    app.get(
      '/v1/secrets/:scope',
      {
        schema: {
          tags: ['secrets'],
          summary: 'Whether a secret is set, and since when',
          params: SCOPE,
        },
      },
      async (request) => {
        const { scope } = request.params;
        await authorizeScope(request, scope);
        const setAt = secrets.setAt(scope);
        return { scope, isSet: setAt !== null, setAt: instant(setAt) };
      },
    );

    app.delete(
      '/v1/secrets/:scope',
      { schema: { tags: ['secrets'], summary: 'Remove the secret of a scope', params: SCOPE } },
      async (request, reply) => {
        const { scope } = request.params;
        const principal = await authorizeScope(request, scope);
        if (!(await secrets.remove(scope, whoOf(principal, request)))) {
          throw new AppError('not_found', 'No secret is set for this scope.');
        }
        return reply.code(204).send();
      },
    );

    app.get(
      '/v1/locations',
      {
        schema: {
          tags: ['locations'],
          summary: 'Locations with a name or a webhook',
          querystring: Type.Object(PAGE),
        },
      },
      async (request) => {
        const { location: only } = authorize(keys, request, 'webhooks:read');
        const { limit = 50, cursor } = request.query;
        const rows = await store.listLocations({ after: readCursor(cursor, 0), limit, only });
        return page(
          rows,
          limit,
          (row) => row.id,
          (row) => row,
        );
      },
    );

    app.put(
      '/v1/locations/:id',
      {
        schema: {
          tags: ['locations'],
          summary: 'Name a location',
          params: Type.Object({ id: LOCATION }),
          body: Type.Object(
            { name: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' }) },
            { additionalProperties: false },
          ),
        },
      },
      async (request) => {
        authorizeOperator(keys, request);
        const { id, name } = await store.putLocation({
          id: request.params.id,
          name: request.body.name,
        });
        return { id, name };
      },
    );

    app.get(
      '/v1/notices',
      {
        schema: {
          tags: ['notices'],
          summary: 'What people are told, newest first',
          querystring: Type.Object({
            ...PAGE,
            webhook: Type.Optional(Type.Integer({ minimum: 1 })),
          }),
        },
      },
      async (request) => {
        const principal = authorize(keys, request, 'webhooks:read');
        const { limit = 50, cursor, webhook } = request.query;
        const before = readCursor(cursor, Number.MAX_SAFE_INTEGER);
        const rows = await store.listNotices({ before, limit, bounds: principal, webhook });
        return page(
          rows,
          limit,
          (row) => row.id,
          ({ deliveryKey, createdAt, ...row }) => ({
            ...row,
            delivery: deliveryKey === null ? null : store.ids.delivery(deliveryKey),
            createdAt: instant(createdAt),
          }),
        );
      },
    );
  };

  /**
   * An app manages its own secret, a key that is bound to a location alone the location's; those of
   * others are not there for it. Everything else is an operator's.
   */
  async function authorizeScope(request: FastifyRequest, scope: string): Promise<Principal> {
    const [kind, id] = scope.split(':');
    const principal = authorize(
      keys,
      request,
      kind === 'app' ? 'webhooks:write' : 'settings:write',
    );
    const own = ownScope(principal);
    if (own !== null && scope !== own) {
      if (own.startsWith(`${kind}:`)) throw new AppError('not_found', `There is no such ${kind}.`);
      throw new AppError('forbidden', `This API key manages the secret of ${own} only.`);
    }
    // What an app signs with concerns all its locations.
    if (principal.app !== null && principal.location !== null) {
      throw new AppError('forbidden', 'Only an operator may do this.');
    }
    if (kind === 'app' && !(await store.getApp({ id: Number(id) }))) {
      throw new AppError('not_found', 'There is no such app.');
    }
    return principal;
  }
}
