import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { type Static, Type } from 'typebox';
import { readHealth, spanFor } from '../../history/read.ts';
import type { Summary } from '../../history/summary.ts';
import { authorize } from '../authorize.ts';
import type { ApiNeeds } from '../context.ts';
import { instant, readInstant } from '../paging.ts';
import { AppError } from '../problem.ts';

type HealthNeeds = Pick<ApiNeeds, 'clock' | 'keys' | 'store'>;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const STEPS = {
  '1m': MINUTE_MS,
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '1h': HOUR_MS,
  '6h': 6 * HOUR_MS,
  '1d': DAY_MS,
} as const;
type StepName = keyof typeof STEPS;

/** More than a chart has room for. */
const MAX_STEPS = 1500;
/** A chart without a wish has at most so many. */
const USUAL_STEPS = 200;

export const SUMMARY = {
  calls: Type.Integer(),
  failedCalls: Type.Integer({ description: 'Calls that were not answered well' }),
  delivered: Type.Integer({ description: 'Deliveries that ended well' }),
  failed: Type.Integer({ description: 'Deliveries that used up their attempts' }),
  successShare: Type.Union([Type.Number(), Type.Null()], {
    description: 'Of the calls, 0 to 1; null: there was none',
  }),
  p50Ms: Type.Union([Type.Number(), Type.Null()], {
    description: 'Half of the calls that were answered well took no longer; an estimate',
  }),
  p95Ms: Type.Union([Type.Number(), Type.Null()]),
};

/** How a webhook did over time. */
export function healthRoutes({ clock, keys, store }: HealthNeeds): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/v1/webhooks/:id/health',
      {
        schema: {
          tags: ['webhooks'],
          summary: 'How its calls went over time, and what waits',
          description:
            'Counted as calls end, and some seconds old. Steps of less than a quarter of an hour go back three hours, of less than an hour three days.',
          params: Type.Object({
            id: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
          }),
          querystring: Type.Object({
            from: Type.Optional(Type.String({ description: 'Default: a day before `to`' })),
            to: Type.Optional(Type.String({ description: 'Default: now' })),
            step: Type.Optional(Type.Enum(Object.keys(STEPS) as StepName[])),
          }),
          response: {
            200: Type.Object({
              from: Type.String({ description: 'Where the first step begins' }),
              to: Type.String(),
              stepMs: Type.Integer(),
              steps: Type.Array(Type.Object({ at: Type.String(), ...SUMMARY })),
              totals: Type.Object(SUMMARY),
              waiting: Type.Object({
                due: Type.Integer(),
                held: Type.Integer(),
                nextAttemptAt: Type.Union([Type.String(), Type.Null()]),
              }),
            }),
          },
        },
      },
      async (request) => {
        const principal = authorize(keys, request, 'webhooks:read');
        const { id } = request.params;
        const webhook = await store.getWebhook({ id, bounds: principal });
        if (!webhook) throw new AppError('not_found', 'There is no such webhook.');
        const { from, to, stepMs } = readSpan(request.query, clock.now());
        const { steps, totals } = await readHealth(store, { webhook: id, from, to, stepMs });
        const [waiting] = await store.listWaiting({ webhooks: [id] });
        const count = waiting?.waiting ?? 0;
        return {
          from: instant(from - (from % stepMs)),
          to: instant(to),
          stepMs,
          steps: steps.map(({ at, ...step }) => ({ at: instant(at), ...summaryView(step) })),
          totals: summaryView(totals),
          waiting: {
            due: webhook.active ? count : 0,
            held: webhook.active ? 0 : count,
            nextAttemptAt: webhook.active ? instant(waiting?.nextAt ?? null) : null,
          },
        };
      },
    );
  };
}

export function summaryView(summary: Summary): Static<typeof SUMMARY_OBJECT> {
  const { calls, failedCalls, delivered, failed, p50Ms, p95Ms } = summary;
  const successShare = calls === 0 ? null : (calls - failedCalls) / calls;
  return { calls, failedCalls, delivered, failed, successShare, p50Ms, p95Ms };
}

const SUMMARY_OBJECT = Type.Object(SUMMARY);

function readSpan(
  query: { from?: string; to?: string; step?: StepName },
  now: number,
): { from: number; to: number; stepMs: number } {
  const to = readInstant(query.to, 'to') ?? now;
  const from = readInstant(query.from, 'from') ?? Math.max(0, to - DAY_MS);
  if (from >= to) throw new AppError('invalid_request', 'from: is not before to', 'from');
  const reaches = (stepMs: number) => {
    const { keptMs } = spanFor(stepMs);
    return keptMs === null || from >= now - keptMs;
  };
  const stepMs =
    query.step === undefined
      ? (Object.values(STEPS).find((ms) => reaches(ms) && to - from <= USUAL_STEPS * ms) ?? DAY_MS)
      : STEPS[query.step];
  if (!reaches(stepMs))
    throw new AppError('invalid_request', 'step: is not kept for so long', 'step');
  if (to - from > MAX_STEPS * stepMs) {
    throw new AppError('invalid_request', `step: there are more than ${MAX_STEPS} of it`, 'step');
  }
  return { from, to, stepMs };
}
