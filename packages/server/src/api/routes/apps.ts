import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { APP_SCOPES } from '../../settings/keys.ts';
import type { StoredApp } from '../../store/operations/apps.ts';
import { authorizeOperator, whoOf } from '../authorize.ts';
import type { ApiNeeds } from '../context.ts';
import { instant, page, PAGE, readCursor } from '../paging.ts';
import { AppError } from '../problem.ts';
import { KEY_FIELDS, KEY_SCOPES, keyView, readExpiry, requireScopes } from './key-view.ts';

type AppsNeeds = Pick<ApiNeeds, 'keys' | 'secrets' | 'store' | 'webhooks'>;

const ID = Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) });

/** Apps: API clients with keys and a shared secret of their own. */
export function appRoutes({
  keys,
  secrets,
  store,
  webhooks,
}: AppsNeeds): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.post(
      '/v1/apps',
      {
        schema: {
          tags: ['apps'],
          summary: 'Create an app',
          body: Type.Object(
            { name: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' }) },
            { additionalProperties: false },
          ),
        },
      },
      async (request, reply) => {
        const principal = authorizeOperator(keys, request);
        const created = await store.createApp({
          name: request.body.name,
          by: whoOf(principal, request),
        });
        return reply.code(201).send(appView(created));
      },
    );

    app.get(
      '/v1/apps',
      {
        schema: {
          tags: ['apps'],
          summary: 'Apps in the order of their ids',
          querystring: Type.Object(PAGE),
        },
      },
      async (request) => {
        authorizeOperator(keys, request);
        const { limit = 50, cursor } = request.query;
        const rows = await store.listApps({ after: readCursor(cursor, 0), limit });
        return page(rows, limit, (row) => row.id, appView);
      },
    );

    app.get(
      '/v1/apps/:id',
      { schema: { tags: ['apps'], summary: 'One app with its keys', params: ID } },
      async (request) => {
        authorizeOperator(keys, request);
        const { id } = request.params;
        const found = await store.getApp({ id });
        if (!found) throw notFound();
        return { ...appView(found), keys: (await store.listKeys({ app: id })).map(keyView) };
      },
    );

    app.delete(
      '/v1/apps/:id',
      {
        schema: {
          tags: ['apps'],
          summary: 'Delete an app with its keys, its secret and its webhooks',
          params: ID,
        },
      },
      async (request, reply) => {
        const by = whoOf(authorizeOperator(keys, request), request);
        const { id } = request.params;
        const orphans = await store.deleteApp({ id, by });
        if (!orphans) throw notFound();
        keys.forgetApp(id);
        secrets.forget(`app:${id}`);
        for (const webhook of orphans) await webhooks.remove({ id: webhook }, by);
        return reply.code(204).send();
      },
    );

    app.post(
      '/v1/apps/:id/keys',
      {
        schema: {
          tags: ['apps'],
          summary: 'Make a key; it is shown once',
          params: ID,
          body: Type.Optional(
            Type.Union([
              Type.Object(
                { ...KEY_FIELDS, scopes: Type.Optional(KEY_SCOPES) },
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
        if (!(await store.getApp({ id }))) throw notFound();
        const { name = 'key', scopes = APP_SCOPES, location = null } = request.body ?? {};
        requireScopes(principal, { scopes });
        const expiresAt = readExpiry(request.body?.expiresAt ?? null, Date.now());
        const input = { app: id, name, scopes, location, expiresAt };
        const made = await keys.create(input, whoOf(principal, request));
        return reply.code(201).send({ ...keyView(made), key: made.key });
      },
    );

    app.delete(
      '/v1/apps/:id/keys/:key',
      {
        schema: {
          tags: ['apps'],
          summary: 'Revoke a key',
          params: Type.Object({ ...ID.properties, key: Type.String() }),
        },
      },
      async (request, reply) => {
        const principal = authorizeOperator(keys, request);
        const { id, key } = request.params;
        const done = await keys.revoke({ id: key, app: id }, whoOf(principal, request));
        if (done !== 'revoked') throw new AppError('not_found', 'There is no such key in force.');
        return reply.code(204).send();
      },
    );
  };
}

function notFound(): AppError {
  return new AppError('not_found', 'There is no such app.');
}

function appView({ id, name, createdAt }: StoredApp) {
  return { id, name, createdAt: instant(createdAt) };
}
