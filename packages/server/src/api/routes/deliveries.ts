import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { composeBody } from '../../attempt/body.ts';
import type { Bounds } from '../../store/bounds.ts';
import { DELIVERY_STATES } from '../../store/operations/delivery-state.ts';
import type { Resent } from '../../store/operations/resend.ts';
import type { Who } from '../../store/who.ts';
import { authorize, whoOf } from '../authorize.ts';
import type { ApiNeeds } from '../context.ts';
import { page, PAGE, readCursor, readInstant } from '../paging.ts';
import { AppError } from '../problem.ts';
import { requireAction } from '../require-action.ts';
import { MAX_RESENT, resendNow } from '../resend.ts';
import { attemptView, deliveryView } from './delivery-view.ts';
import { LOCATION, withRecord } from './events.ts';

type DeliveriesNeeds = Pick<ApiNeeds, 'catalogue' | 'keys' | 'lanes' | 'live' | 'store'>;

/** The log: every delivery, every attempt, and sending one again. */
export function deliveryRoutes(needs: DeliveriesNeeds): FastifyPluginAsyncTypebox {
  const { catalogue, keys, store } = needs;

  return async (app) => {
    app.get(
      '/v1/deliveries',
      {
        schema: {
          tags: ['deliveries'],
          summary: 'The log of deliveries, newest first',
          querystring: Type.Object({
            ...PAGE,
            webhook: Type.Optional(Type.Integer({ minimum: 1 })),
            state: Type.Optional(Type.Enum([...DELIVERY_STATES])),
            action: Type.Optional(Type.String()),
            location: Type.Optional(LOCATION),
            event: Type.Optional(Type.String({ description: 'The id of an event, `evt_…`' })),
            from: Type.Optional(Type.String()),
            to: Type.Optional(Type.String()),
          }),
        },
      },
      async (request) => {
        const principal = authorize(keys, request, 'deliveries:read');
        const { limit = 50, cursor, action, event, from, to, ...filter } = request.query;
        const eventKey = event === undefined ? undefined : store.ids.eventKey(event);
        if (event !== undefined && eventKey === undefined) return { items: [], cursor: null };
        const rows = await store.listDeliveries({
          before: readCursor(cursor, Number.MAX_SAFE_INTEGER),
          limit,
          bounds: principal,
          ...filter,
          event: eventKey,
          action: action === undefined ? undefined : requireAction(catalogue, action).value,
          from: readInstant(from, 'from'),
          to: readInstant(to, 'to'),
        });
        return page(
          rows,
          limit,
          (row) => row.key,
          (row) => deliveryView(row, catalogue, store.ids),
        );
      },
    );

    app.get(
      '/v1/deliveries/:id',
      { schema: { tags: ['deliveries'], summary: 'One delivery with its attempts', params: ID } },
      async (request, reply) => {
        const principal = authorize(keys, request, 'deliveries:read');
        const key = store.ids.deliveryKey(request.params.id);
        const delivery =
          key === undefined ? undefined : await store.getDelivery({ key, bounds: principal });
        if (!delivery) throw new AppError('not_found', 'There is no such delivery.');
        const body = composeBody(delivery.record).toString();
        const view = {
          ...deliveryView(delivery, catalogue, store.ids),
          body,
          attemptLog: delivery.attemptsMade.map((attempt) => attemptView(attempt, body)),
        };
        return reply.type('application/json').send(withRecord(view, delivery.record));
      },
    );

    app.post(
      '/v1/deliveries/:id/resend',
      {
        schema: {
          tags: ['deliveries'],
          summary: 'Send it again, now',
          description:
            'A delivery that waits uses its next re-attempt at once; one that ended gets one call more, with the same webhook-id.',
          params: ID,
        },
      },
      async (request, reply) => {
        const principal = authorize(keys, request, 'deliveries:resend');
        const [resent] = await resend([request.params.id], principal, whoOf(principal, request));
        if (resent!.problem) throw new AppError(resent!.problem.code, resent!.problem.detail);
        const after = await store.getDelivery({ key: resent!.key });
        return reply.code(202).send(deliveryView(after!, catalogue, store.ids));
      },
    );

    app.post(
      '/v1/deliveries/resend',
      {
        schema: {
          tags: ['deliveries'],
          summary: 'Send several again, now, each as far as it can be',
          body: Type.Object(
            {
              ids: Type.Array(Type.String({ maxLength: 30 }), {
                minItems: 1,
                maxItems: MAX_RESENT,
                uniqueItems: true,
              }),
            },
            { additionalProperties: false },
          ),
          response: {
            202: Type.Object({
              items: Type.Array(
                Type.Object({
                  id: Type.String(),
                  problem: Type.Union(
                    [Type.Object({ code: Type.String(), detail: Type.String() }), Type.Null()],
                    { description: 'Why this one is not sent again; null: it is' },
                  ),
                }),
                { description: 'In the order of the request' },
              ),
            }),
          },
        },
      },
      async (request, reply) => {
        const principal = authorize(keys, request, 'deliveries:resend');
        const resent = await resend(request.body.ids, principal, whoOf(principal, request));
        return reply.code(202).send({ items: resent.map(({ id, problem }) => ({ id, problem })) });
      },
    );
  };

  async function resend(ids: readonly string[], bounds: Bounds, by: Who) {
    const asked = ids.map((id) => ({ id, key: store.ids.deliveryKey(id) ?? 0 }));
    const resent = await resendNow(needs, { keys: asked.map(({ key }) => key), bounds, by });
    const byKey = new Map(resent.map((one) => [one.delivery.key, one]));
    return asked.map(({ id, key }) => ({ id, key, problem: problemOf(byKey.get(key)) }));
  }
}

function problemOf(
  resent: Resent | undefined,
): { readonly code: 'not_found' | 'conflict'; readonly detail: string } | null {
  if (!resent) return { code: 'not_found', detail: 'There is no such delivery.' };
  if (resent.isResent) return null;
  const isSending = resent.delivery.state === 'sending';
  return {
    code: 'conflict',
    detail: isSending
      ? 'It is being sent this moment.'
      : 'Its webhook is switched off: switch it on first.',
  };
}

const ID = Type.Object({
  id: Type.String({ description: 'The delivery, `msg_…`: its webhook-id' }),
});
