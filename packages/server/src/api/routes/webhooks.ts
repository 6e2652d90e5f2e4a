import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import { WEBHOOK_STATES } from '../../store/operations/webhook-state.ts';
import type { StoredWebhook } from '../../store/operations/webhooks.ts';
import { authorize, boundLocation, whoOf } from '../authorize.ts';
import type { ApiNeeds } from '../context.ts';
import { page, PAGE, readCursor } from '../paging.ts';
import { AppError } from '../problem.ts';
import { requireAction } from '../require-action.ts';
import { sendTest } from '../send-test.ts';
import { LOCATION } from './events.ts';
import { CHECKED, FIELDS, readActions, requireCallable } from './webhook-input.ts';
import { lastDays } from './webhook-day.ts';
import { nextProbes, webhookView } from './webhook-view.ts';

type WebhooksNeeds = Pick<
  ApiNeeds,
  'accept' | 'catalogue' | 'checkUrl' | 'clock' | 'keys' | 'store' | 'webhooks'
>;

const CreateInput = Type.Object(
  {
    name: FIELDS.name,
    actions: FIELDS.actions,
    url: FIELDS.url,
    location: Type.Optional(FIELDS.location),
    description: Type.Optional(FIELDS.description),
    concurrency: Type.Optional(FIELDS.concurrency),
    active: Type.Optional(FIELDS.active),
  },
  { additionalProperties: false },
);

const ChangeInput = Type.Object(
  {
    ...Type.Partial(CreateInput).properties,
    held: Type.Optional(
      Type.Enum(['send', 'drop'], {
        description: 'With `active: true`: what becomes of the deliveries that were held',
      }),
    ),
  },
  { additionalProperties: false, minProperties: 1 },
);

const ID = Type.Object({ id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }) });

/** Webhooks: what somebody asked for. */
export function webhookRoutes(needs: WebhooksNeeds): FastifyPluginAsyncTypebox {
  const { catalogue, checkUrl, clock, keys, store, webhooks } = needs;

  return async (app) => {
    app.post(
      '/v1/webhooks',
      {
        schema: {
          tags: ['webhooks'],
          summary: 'Create a webhook',
          description:
            'The name in the URL is resolved and its addresses are judged, as before every call.',
          body: CreateInput,
          response: { 201: CHECKED },
        },
      },
      async (request, reply) => {
        const principal = authorize(keys, request, 'webhooks:write');
        const { body } = request;
        const actions = readActions(catalogue, body.actions);
        const location = boundLocation(principal, body.location) ?? null;
        const warnings = await requireCallable(checkUrl, body.url);
        const settings = {
          app: principal.app,
          name: body.name,
          description: body.description ?? '',
          url: body.url,
          location,
          concurrency: body.concurrency ?? null,
          actions,
          active: body.active ?? true,
        };
        const created = await webhooks.create(settings, whoOf(principal, request));
        return reply
          .code(201)
          .header('location', `/v1/webhooks/${created.id}`)
          .send({ ...(await view(created)), ...warnings });
      },
    );

    app.get(
      '/v1/webhooks',
      {
        schema: {
          tags: ['webhooks'],
          summary: 'Webhooks in the order of their ids',
          querystring: Type.Object({
            ...PAGE,
            location: Type.Optional(LOCATION),
            action: Type.Optional(Type.String()),
            active: Type.Optional(Type.Boolean()),
            state: Type.Optional(Type.Enum([...WEBHOOK_STATES])),
            q: Type.Optional(
              Type.String({
                minLength: 1,
                maxLength: 200,
                description: 'A part of the name, the URL or the description',
              }),
            ),
            with: Type.Optional(
              Type.Enum(['day'], {
                description:
                  'Adds to each how its last 24 hours went (`day`, by hours) and what waits for it',
              }),
            ),
          }),
        },
      },
      async (request) => {
        const principal = authorize(keys, request, 'webhooks:read');
        const { limit = 50, cursor, action, q, with: more, ...filter } = request.query;
        const rows = await store.listWebhooks({
          after: readCursor(cursor, 0),
          limit,
          bounds: principal,
          ...filter,
          action: action === undefined ? undefined : requireAction(catalogue, action).value,
          text: q,
        });
        const probes = await nextProbes(store, rows);
        const dayOf = more === 'day' ? await lastDays(store, rows, clock.now()) : () => ({});
        return page(
          rows,
          limit,
          (row) => row.id,
          (row) => ({ ...webhookView(row, catalogue, probes.get(row.id)), ...dayOf(row.id) }),
        );
      },
    );

    app.get(
      '/v1/webhooks/:id',
      { schema: { tags: ['webhooks'], summary: 'One webhook', params: ID } },
      async (request) => {
        const principal = authorize(keys, request, 'webhooks:read');
        const found = await store.getWebhook({ id: request.params.id, bounds: principal });
        if (!found) throw notFound();
        return {
          ...(await view(found)),
          waiting: await store.countWaiting({ webhook: found.id }),
        };
      },
    );

    app.patch(
      '/v1/webhooks/:id',
      {
        schema: {
          tags: ['webhooks'],
          summary: 'Change what is given',
          params: ID,
          body: ChangeInput,
          response: { 200: CHECKED },
        },
      },
      async (request) => {
        const principal = authorize(keys, request, 'webhooks:write');
        const { body } = request;
        if (body.location !== undefined) boundLocation(principal, body.location);
        const change = readChange(body);
        const warnings =
          change.url === undefined ? {} : await requireCallable(checkUrl, change.url);
        const changed = await webhooks.change(
          { id: request.params.id, bounds: principal },
          change,
          whoOf(principal, request),
        );
        if (!changed) throw notFound();
        return { ...(await view(changed)), ...warnings };
      },
    );

    app.delete(
      '/v1/webhooks/:id',
      {
        schema: {
          tags: ['webhooks'],
          summary: 'Delete a webhook; what waits for it is cancelled',
          params: ID,
        },
      },
      async (request, reply) => {
        const principal = authorize(keys, request, 'webhooks:write');
        const { id } = request.params;
        const by = whoOf(principal, request);
        if (!(await webhooks.remove({ id, bounds: principal }, by))) throw notFound();
        return reply.code(204).send();
      },
    );

    app.post(
      '/v1/webhooks/:id/test',
      {
        schema: {
          tags: ['webhooks'],
          summary: 'Send a sample record through the real path',
          params: ID,
          body: Type.Optional(
            Type.Union([
              Type.Object(
                { action: Type.Optional(Type.String()) },
                { additionalProperties: false },
              ),
              Type.Null(),
            ]),
          ),
          response: {
            202: Type.Object({
              event: Type.String(),
              delivery: Type.String(),
              ...CHECKED.properties,
            }),
          },
        },
      },
      async (request, reply) => {
        const principal = authorize(keys, request, 'webhooks:write');
        const found = await store.getWebhook({ id: request.params.id, bounds: principal });
        if (!found) throw notFound();
        const warnings = await requireCallable(checkUrl, found.url);
        const { eventKey } = await sendTest(needs, found, request.body?.action);
        return reply.code(202).send({
          event: store.ids.event(eventKey),
          delivery: store.ids.delivery(eventKey + 1),
          ...warnings,
        });
      },
    );
  };

  async function view(row: StoredWebhook) {
    return webhookView(row, catalogue, (await nextProbes(store, [row])).get(row.id));
  }

  function readChange({ actions, ...rest }: Static<typeof ChangeInput>) {
    if (rest.held !== undefined && rest.active !== true) {
      throw new AppError('invalid_request', 'held: goes with `active: true`', 'held');
    }
    return {
      ...rest,
      ...(actions !== undefined && { actions: readActions(catalogue, actions) }),
    };
  }
}

function notFound(): AppError {
  return new AppError('not_found', 'There is no such webhook.');
}
