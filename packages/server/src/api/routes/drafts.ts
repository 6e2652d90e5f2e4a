import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { composeBody } from '../../attempt/body.ts';
import { createRequestHeaders } from '../../attempt/request-headers.ts';
import type { Bounds } from '../../store/bounds.ts';
import { keyAt } from '../../store/keys.ts';
import { authorize, boundLocation } from '../authorize.ts';
import type { ApiNeeds } from '../context.ts';
import { AppError } from '../problem.ts';
import { requireAction } from '../require-action.ts';
import { inPairs } from './delivery-view.ts';
import { FIELDS, readActions, WARNINGS, warningsFor } from './webhook-input.ts';

type DraftsNeeds = Pick<
  ApiNeeds,
  'catalogue' | 'checkUrl' | 'keys' | 'secrets' | 'signingKey' | 'store' | 'version'
>;

/** What a webhook would be, before it is one: whether its URL is called, and what would be sent. */
export function draftRoutes(needs: DraftsNeeds): FastifyPluginAsyncTypebox {
  const { catalogue, checkUrl, keys, secrets, signingKey, store, version } = needs;
  const headersOf = createRequestHeaders(version, signingKey?.sign ?? null);

  return async (app) => {
    app.post(
      '/v1/webhooks/check-url',
      {
        schema: {
          tags: ['webhooks'],
          summary: 'Whether a URL would be called; judged as when a webhook is made',
          body: Type.Object(
            { url: Type.String({ maxLength: 4096 }) },
            { additionalProperties: false },
          ),
          response: {
            200: Type.Object({
              ok: Type.Boolean(),
              problem: Type.Union([PROBLEM, Type.Null()]),
              warnings: WARNINGS,
            }),
          },
        },
      },
      async (request) => {
        authorize(keys, request, 'webhooks:write');
        const check = await checkUrl(request.body.url);
        return check.ok
          ? { ok: true, problem: null, warnings: warningsFor(check) }
          : {
              ok: false,
              problem: { code: 'blocked_url', field: 'url', detail: check.refusal.reason },
              warnings: [],
            };
      },
    );

    app.post(
      '/v1/webhooks/preview',
      {
        schema: {
          tags: ['webhooks'],
          summary: 'The call that a webhook would make, with the sample record; nothing is sent',
          description:
            'Signed with the secret that would sign it. The ids and the time are those of this moment.',
          body: Type.Object(
            {
              actions: FIELDS.actions,
              action: Type.Optional(
                Type.String({ maxLength: 100, description: 'Which of them; default: the first' }),
              ),
              url: FIELDS.url,
              location: Type.Optional(FIELDS.location),
              webhook: Type.Optional(
                Type.Integer({
                  minimum: 1,
                  maximum: Number.MAX_SAFE_INTEGER,
                  description: 'The one that is to become so: if it is of an app, so is the secret',
                }),
              ),
            },
            { additionalProperties: false },
          ),
          response: {
            200: Type.Object({
              action: Type.String(),
              signed: Type.Boolean({ description: 'False: no secret applies' }),
              method: Type.String(),
              url: Type.String(),
              headers: Type.Array(Type.Tuple([Type.String(), Type.String()])),
              body: Type.String(),
            }),
          },
        },
      },
      async (request) => {
        const principal = authorize(keys, request, 'webhooks:write');
        const { url, actions, webhook } = request.body;
        const location = boundLocation(principal, request.body.location) ?? null;
        const values = readActions(catalogue, actions);
        const first = values === '*' ? undefined : values[0];
        const action = requireAction(
          catalogue,
          request.body.action ?? String(first ?? 'BookingCreate'),
        );
        if (values !== '*' && !values.includes(action.value))
          throw new AppError('invalid_request', 'action: is none of the actions', 'action');
        const target = URL.parse(url);
        if (!target) throw new AppError('invalid_request', 'url: is not a URL', 'url');

        const ofApp = webhook === undefined ? principal.app : await appOf(webhook, principal);
        const now = Date.now();
        const eventKey = keyAt(now);
        const body = composeBody(Buffer.from(catalogue.sampleRecord(action)));
        const applying = secrets.applying({ app: ofApp, location });
        const headers = headersOf(
          {
            body,
            deliveryId: store.ids.delivery(eventKey + 1),
            eventId: store.ids.event(eventKey),
            action: action.name,
            attemptNumber: 1,
            secrets: applying,
          },
          now,
        );
        return {
          action: action.name,
          signed: applying.length > 0,
          method: 'POST',
          url,
          headers: [
            ['host', target.host] as [string, string],
            ['connection', 'keep-alive'] as [string, string],
            ...inPairs(headers),
            ['content-length', String(body.length)] as [string, string],
          ],
          body: body.toString(),
        };
      },
    );
  };

  async function appOf(id: number, bounds: Bounds): Promise<number | null> {
    const found = await store.getWebhook({ id, bounds });
    if (!found) throw new AppError('not_found', 'There is no such webhook.');
    return found.app;
  }
}

const PROBLEM = Type.Object({ code: Type.String(), field: Type.String(), detail: Type.String() });
