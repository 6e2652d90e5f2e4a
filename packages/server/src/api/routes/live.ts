import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { MAX_LISTENERS } from '../../live/live.ts';
import { type News, NEWS_KINDS, type NewsKind } from '../../live/news.ts';
import { principalOf } from '../../people/roles.ts';
import { isOver } from '../../people/sessions.ts';
import { mayDo, type Principal, type Scope } from '../../settings/principal.ts';
import { boundsKey } from '../../store/bounds.ts';
import { authorize, requireScope, tokenOf } from '../authorize.ts';
import type { ApiNeeds } from '../context.ts';
import { createEventStream } from '../event-stream.ts';
import { AppError } from '../problem.ts';
import { deliveryView } from './delivery-view.ts';
import { eventView } from './events.ts';
import { webhookView } from './webhook-view.ts';

type LiveNeeds = Pick<ApiNeeds, 'catalogue' | 'clock' | 'keys' | 'live' | 'store'>;

/** How soon the end of a key ends what was opened with it. */
const CHECK_MS = 1000;
/** Checks between two signs of life: proxies give up silent connections after a minute. */
const CHECKS_PER_BEAT = 15;

const SCOPE_OF: Readonly<Record<NewsKind, Scope>> = {
  delivery: 'deliveries:read',
  event: 'events:read',
  webhook: 'webhooks:read',
  request: 'webhooks:read',
};

/** What happens, as it happens. */
export function liveRoutes({
  catalogue,
  clock,
  keys,
  live,
  store,
}: LiveNeeds): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/v1/live',
      {
        // A stream has no head that could be had without it.
        exposeHeadRoute: false,
        schema: {
          tags: ['live'],
          summary: 'What happens, as server-sent events',
          description:
            'Messages are `delivery`, `event` and `webhook` with what the lists show of each, `request` with `inbox` and `number`, `missed` when some were left out, and `ended` with a `reason`. What this node does comes within half a second, what others do within two. It is no log: after a break, or `missed`, ask the lists.',
          querystring: Type.Object({
            kinds: Type.Optional(
              Type.String({
                pattern: `^(${NEWS_KINDS.join('|')})(,(${NEWS_KINDS.join('|')}))*$`,
                description: 'Separated by commas; default: all that the key may read',
              }),
            ),
            webhook: Type.Optional(
              Type.Integer({ minimum: 1, description: 'Only this one and its deliveries' }),
            ),
            inbox: Type.Optional(
              Type.String({ maxLength: 32, description: 'Only requests that arrive there' }),
            ),
          }),
        },
      },
      async (request, reply) => {
        const principal = authorize(keys, request, 'webhooks:read');
        const { webhook, inbox } = request.query;
        const kinds = kindsOf(request.query, principal);
        const { raw } = reply;
        const stopListening = live.listen({
          bounds: principal,
          kinds,
          hear(news, isIncomplete) {
            for (const one of news)
              if (isWanted(one, { webhook, inbox })) stream.send(one.kind, viewOf(one));
            if (isIncomplete) stream.miss();
          },
          end: () => stream.end('ended', { reason: 'stopping' }),
        });
        if (!stopListening)
          throw new AppError(
            'too_many_requests',
            `${MAX_LISTENERS} listen already.`,
            undefined,
            10,
          );
        reply.hijack();
        raw.writeHead(200, {
          ...(reply.getHeaders() as Record<string, string>),
          'content-type': 'text/event-stream',
          'cache-control': 'no-store',
          // Kept alive, it would hold up the end of the service.
          connection: 'close',
          // nginx would gather the messages.
          'x-accel-buffering': 'no',
        });
        const stream = createEventStream(raw);
        stream.send('listening', { kinds: [...kinds] });

        let checks = 0;
        const checking = setInterval(() => {
          if (++checks % CHECKS_PER_BEAT === 0) stream.beat();
          void endIfRevoked();
        }, CHECK_MS);
        const endIfRevoked = async () => {
          // While the store does not answer nothing is heard either.
          const isAllowed = await mayStillListen(request, principal, kinds).catch(() => true);
          if (!isAllowed) stream.end('ended', { reason: 'revoked' });
        };
        const stop = () => {
          clearInterval(checking);
          stopListening();
        };
        raw.on('close', stop);
        // Whoever asked may be gone already.
        if (raw.closed) stop();
      },
    );
  };

  /** Whether whoever began to listen is known still, and sees no less than then. */
  async function mayStillListen(
    request: FastifyRequest,
    before: Principal,
    kinds: ReadonlySet<NewsKind>,
  ): Promise<boolean> {
    const now = await principalNow(request);
    return (
      now !== null &&
      boundsKey(now) === boundsKey(before) &&
      [...kinds].every((kind) => mayDo(now, SCOPE_OF[kind]))
    );
  }

  /** Listening is no use of a session: one that nobody uses otherwise ends. */
  async function principalNow(request: FastifyRequest): Promise<Principal | null> {
    if (request.signedIn === null) return keys.authenticate(tokenOf(request));
    const { tokenHash } = request.signedIn;
    const session = await store.findPersonSession({ tokenHash });
    return session && !isOver(session, clock.now()) ? principalOf(session.person) : null;
  }

  function viewOf(news: News): object {
    switch (news.kind) {
      case 'delivery':
        return deliveryView(news.delivery, catalogue, store.ids);
      case 'event':
        return eventView(news.event, catalogue, store.ids);
      case 'webhook':
        return {
          ...webhookView(news.webhook, catalogue, news.nextProbeAt),
          deleted: news.webhook.isDeleted,
        };
      case 'request':
        return { inbox: news.inbox, number: news.number };
    }
  }
}

/** What is asked for; by default all that a key may read, of what the filter is about. */
function kindsOf(
  { kinds, webhook, inbox }: { kinds?: string; webhook?: number; inbox?: string },
  principal: Principal,
): ReadonlySet<NewsKind> {
  if (kinds !== undefined) {
    const asked = kinds.split(',') as NewsKind[];
    for (const kind of asked) requireScope(principal, SCOPE_OF[kind], 'kinds');
    return new Set(asked);
  }
  const about: readonly NewsKind[] =
    webhook !== undefined
      ? ['delivery', 'webhook']
      : inbox === undefined
        ? NEWS_KINDS
        : ['request'];
  return new Set(about.filter((kind) => mayDo(principal, SCOPE_OF[kind])));
}

function isWanted(
  news: News,
  { webhook, inbox }: { webhook: number | undefined; inbox: string | undefined },
): boolean {
  switch (news.kind) {
    case 'delivery':
      return webhook === undefined || news.delivery.webhook === webhook;
    case 'webhook':
      return webhook === undefined || news.webhook.id === webhook;
    case 'request':
      return inbox === undefined || news.inbox === inbox;
    case 'event':
      return true;
  }
}
