import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { type Lately, readLately } from '../../history/read.ts';
import { isUnbounded } from '../../store/bounds.ts';
import { WEBHOOK_STATES, type WebhookState } from '../../store/operations/webhook-state.ts';
import type { StoredWebhook } from '../../store/operations/webhooks.ts';
import { authorize } from '../authorize.ts';
import type { ApiNeeds } from '../context.ts';
import { instant } from '../paging.ts';
import { SUMMARY, summaryView } from './health.ts';
import { nextProbes, webhookView } from './webhook-view.ts';

type OverviewNeeds = Pick<ApiNeeds, 'catalogue' | 'clock' | 'keys' | 'store'>;

/** Webhooks of each state that are named. */
const MAX_NAMED = 20;
/** The states of webhooks that need a person, worst first. */
const TROUBLED: readonly WebhookState[] = ['disabled', 'open', 'failing'];

const LATELY = Type.Object({
  from: Type.String(),
  events: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Accepted; null for a key that is bound, as events are counted for all',
  }),
  eventsPerSecond: Type.Union([Type.Number(), Type.Null()]),
  callsPerSecond: Type.Number(),
  ...SUMMARY,
});

/** How the whole service does, as far as the key sees it. */
export function overviewRoutes({
  catalogue,
  clock,
  keys,
  store,
}: OverviewNeeds): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/v1/overview',
      {
        schema: {
          tags: ['overview'],
          summary: 'Rates, success and latency, what waits, and which webhooks need a person',
          description: 'Counted as calls end, and some seconds old.',
          response: {
            200: Type.Object({
              at: Type.String(),
              minute: LATELY,
              hour: LATELY,
              day: LATELY,
              waiting: Type.Object({
                due: Type.Integer(),
                held: Type.Integer(),
                nextAttemptAt: Type.Union([Type.String(), Type.Null()]),
              }),
              webhooks: Type.Record(Type.Enum([...WEBHOOK_STATES]), Type.Integer()),
              attention: Type.Array(
                Type.Object({ waiting: Type.Integer() }, { additionalProperties: true }),
                {
                  description: `Webhooks that are disabled, open or failing, at most ${MAX_NAMED} of each`,
                },
              ),
            }),
          },
        },
      },
      async (request) => {
        authorize(keys, request, 'deliveries:read');
        const bounds = authorize(keys, request, 'webhooks:read');
        const now = clock.now();
        const [lately, waiting, webhooks, attention] = await Promise.all([
          readLately(store, { bounds, isWhole: isUnbounded(bounds), now }),
          store.sumWaiting({ bounds }),
          store.countWebhooks({ bounds }),
          Promise.all(
            TROUBLED.map((state) =>
              store.listWebhooks({ after: 0, limit: MAX_NAMED, bounds, state }),
            ),
          ),
        ]);
        return {
          at: instant(now),
          minute: latelyView(lately.minute, now),
          hour: latelyView(lately.hour, now),
          day: latelyView(lately.day, now),
          waiting: { due: waiting.due, held: waiting.held, nextAttemptAt: instant(waiting.nextAt) },
          webhooks,
          attention: await attentionView(attention.flat()),
        };
      },
    );
  };

  async function attentionView(rows: readonly StoredWebhook[]) {
    const webhooks = rows.map(({ id }) => id);
    const waiting = await store.listWaiting({ webhooks });
    const waitingOf = new Map(waiting.map((one) => [one.webhook, one.waiting]));
    const probes = await nextProbes(store, rows);
    return rows.map((row) => ({
      ...webhookView(row, catalogue, probes.get(row.id)),
      waiting: waitingOf.get(row.id) ?? 0,
    }));
  }
}

function latelyView({ from, events, ...summary }: Lately, now: number) {
  const seconds = Math.max(1, (now - from) / 1000);
  return {
    from: instant(from),
    events,
    eventsPerSecond: events === null ? null : events / seconds,
    callsPerSecond: summary.calls / seconds,
    ...summaryView(summary),
  };
}
