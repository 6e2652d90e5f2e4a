import { randomBytes } from 'node:crypto';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { checkSignature } from '../../inbox/check-signature.ts';
import type { Principal } from '../../settings/principal.ts';
import type { StoredInbox, StoredInboxRequest } from '../../store/operations/inboxes.ts';
import { authorize, ownScopes } from '../authorize.ts';
import type { ApiNeeds } from '../context.ts';
import { instant, page, PAGE, readCursor } from '../paging.ts';
import { AppError } from '../problem.ts';
import { bodyView, pairs } from './delivery-view.ts';

type InboxNeeds = Pick<ApiNeeds, 'keys' | 'live' | 'ownUrl' | 'secrets' | 'store' | 'config'>;

/** Where inboxes receive. The guard lets calls through to this path of this process and no other. */
export const INBOX_PATH = '/inbox/';

const ID = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{32}$' }) });

/** Built-in receivers, for trying webhooks without any other server. */
export function inboxRoutes({
  keys,
  live,
  ownUrl,
  secrets,
  store,
  config,
}: InboxNeeds): FastifyPluginAsyncTypebox {
  const render = ({ id, scope, createdAt }: Pick<StoredInbox, 'id' | 'scope' | 'createdAt'>) => ({
    id,
    url: `${ownUrl()}${INBOX_PATH}${id}`,
    secretScope: scope,
    createdAt: instant(createdAt),
  });

  return async (app) => {
    app.post(
      '/v1/inboxes',
      {
        schema: {
          tags: ['inboxes'],
          summary: 'Create a receiver on this server',
          body: Type.Optional(
            Type.Union([
              Type.Object(
                {
                  secretScope: Type.Optional(
                    Type.String({
                      pattern: '^(default|(location|app):[1-9][0-9]{0,15})$',
                      description: 'Whose secret requests are checked with. Default: `default`',
                    }),
                  ),
                },
                { additionalProperties: false },
              ),
              Type.Null(),
            ]),
          ),
        },
      },
      async (request, reply) => {
        const principal = authorize(keys, request, 'webhooks:write');
        const own = ownScopes(principal);
        const scope = request.body?.secretScope ?? (own === null ? 'default' : own[0]!);
        if (own !== null && !own.includes(scope)) {
          throw new AppError(
            'forbidden',
            `Here signatures are checked with the secret of ${own.join(', ')} only.`,
            'secretScope',
          );
        }
        const belongsTo = { app: principal.app, location: locationOf(principal, scope) };
        const id = randomBytes(16).toString('hex');
        const created = await store.createInbox({ id, scope, ...belongsTo });
        return reply.code(201).send(render(created));
      },
    );

    app.get(
      '/v1/inboxes',
      {
        schema: {
          tags: ['inboxes'],
          summary: 'Inboxes, newest first, with how many requests each keeps',
          querystring: Type.Object(PAGE),
        },
      },
      async (request) => {
        const bounds = authorize(keys, request, 'webhooks:read');
        const { limit = 50, cursor } = request.query;
        const before = readCursor(cursor, Number.MAX_SAFE_INTEGER);
        const rows = await store.listInboxes({ before, limit, bounds });
        return page(
          rows,
          limit,
          (row) => row.number,
          (row) => ({
            ...render(row),
            requests: row.requests,
            lastRequestAt: instant(row.lastRequestAt),
          }),
        );
      },
    );

    app.get(
      '/v1/inboxes/:id',
      { schema: { tags: ['inboxes'], summary: 'One inbox', params: ID } },
      async (request) => {
        const bounds = authorize(keys, request, 'webhooks:read');
        const found = await store.getInbox({ id: request.params.id, bounds });
        if (!found) throw notFound();
        return render(found);
      },
    );

    app.get(
      '/v1/inboxes/:id/requests',
      {
        schema: {
          tags: ['inboxes'],
          summary: 'What arrived, newest first, with the verdict on its signatures',
          params: ID,
          querystring: Type.Object(PAGE),
        },
      },
      async (request) => {
        const bounds = authorize(keys, request, 'webhooks:read');
        const { id } = request.params;
        const { limit = 50, cursor } = request.query;
        if (!(await store.getInbox({ id, bounds }))) throw notFound();
        const before = readCursor(cursor, Number.MAX_SAFE_INTEGER);
        const rows = await store.listInboxRequests({ inbox: id, before, limit });
        return page(rows, limit, (row) => row.number, requestView);
      },
    );

    app.delete(
      '/v1/inboxes/:id',
      { schema: { tags: ['inboxes'], summary: 'Delete an inbox with what arrived', params: ID } },
      async (request, reply) => {
        const bounds = authorize(keys, request, 'webhooks:write');
        if (!(await store.deleteInbox({ id: request.params.id, bounds }))) throw notFound();
        return reply.code(204).send();
      },
    );

    await app.register(receiving({ store, secrets, live, config }));
  };
}

/** The receiving side: any body, any method that carries one; no key, the URL is the secret. */
function receiving({
  store,
  secrets,
  live,
  config,
}: Pick<InboxNeeds, 'store' | 'secrets' | 'live' | 'config'>): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );

    app.route({
      method: ['POST', 'PUT', 'PATCH'],
      url: `${INBOX_PATH}:id`,
      // Escapes make up to six bytes of two, and the record stands in brackets.
      bodyLimit: 3 * config.maxRecordBytes + 2,
      schema: { hide: true, params: ID },
      async handler(request, reply) {
        const { id } = request.params;
        const inbox = await store.getInbox({ id });
        if (!inbox) throw notFound();
        const body = (request.body as Buffer | undefined) ?? Buffer.alloc(0);
        const [kind, owner] = inbox.scope.split(':');
        const applying = secrets.applying({
          app: kind === 'app' ? Number(owner) : null,
          location: kind === 'location' ? Number(owner) : null,
        });
        const number = await store.keepInboxRequest({
          inbox: id,
          method: request.method,
          path: request.url,
          headers: JSON.stringify(request.raw.rawHeaders),
          body: new Uint8Array(body),
          signature: JSON.stringify(checkSignature(request.headers, body, applying)),
        });
        live.tell({ requests: [`${id}/${number}`] });
        return reply.code(204).send();
      },
    });
  };
}

/** Who is bound to locations makes an inbox at the one whose secret it checks with. */
function locationOf({ app, locations }: Principal, scope: string): number | null {
  if (locations === null) return null;
  return app === null ? Number(scope.split(':')[1]) : locations[0]!;
}

function notFound(): AppError {
  return new AppError('not_found', 'There is no such inbox.');
}

function requestView(row: StoredInboxRequest) {
  return {
    number: row.number,
    receivedAt: instant(row.receivedAt),
    method: row.method,
    path: row.path,
    headers: pairs(row.headers),
    ...bodyView(row.body),
    signature: JSON.parse(row.signature) as unknown,
  };
}
