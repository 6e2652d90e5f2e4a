import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { composeBody } from '../../attempt/body.ts';
import { DELIVERY_STATES } from '../../store/operations/delivery-state.ts';
import { authorize, whoOf } from '../authorize.ts';
import type { ApiNeeds } from '../context.ts';
import { page, PAGE, readCursor, readInstant } from '../paging.ts';
import { AppError } from '../problem.ts';
import { requireAction } from '../require-action.ts';
import { attemptView, deliveryView } from './delivery-view.ts';
import { withRecord } from './events.ts';

type DeliveriesNeeds = Pick<ApiNeeds, 'catalogue' | 'keys' | 'lanes' | 'store'>;

/** The log: every delivery, every attempt, and sending one again. */
export function deliveryRoutes({
  catalogue,
  keys,
  lanes,
  store,
}: DeliveriesNeeds): FastifyPluginAsyncTypebox {
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
            from: Type.Optional(Type.String()),
            to: Type.Optional(Type.String()),
          }),
        },
      },
      async (request) => {
        const principal = authorize(keys, request, 'deliveries:read');
        const { limit = 50, cursor, webhook, state, action, from, to } = request.query;
        const rows = await store.listDeliveries({
          before: readCursor(cursor, Number.MAX_SAFE_INTEGER),
          limit,
          bounds: principal,
          webhook,
          state,
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
        const key = store.ids.deliveryKey(request.params.id);
        const before =
          key === undefined ? undefined : await store.getDelivery({ key, bounds: principal });
        if (!before) throw new AppError('not_found', 'There is no such delivery.');
        const resent = await store.resendDelivery({
          key: before.key,
          by: whoOf(principal, request),
        });
        if (!resent) {
          throw new AppError(
            'conflict',
            before.state === 'sending'
              ? 'It is being sent this moment.'
              : 'Its webhook is switched off: switch it on first.',
          );
        }
        lanes.wake([resent.webhook]);
        const after = await store.getDelivery({ key: before.key });
        return reply.code(202).send(deliveryView(after!, catalogue, store.ids));
      },
    );
  };
}

const ID = Type.Object({
  id: Type.String({ description: 'The delivery, `msg_…`: its webhook-id' }),
});
