import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Logger } from 'pino';
import type { Counts } from '../limits/counts.ts';
import type { Rates } from '../limits/rates.ts';
import { nexudusRoutes } from '../nexudus/routes.ts';
import { createAddresses } from './addresses.ts';
import { authorizeOperator } from './authorize.ts';
import { answerBrokenRequest } from './broken-request.ts';
import { bodyTypeOf } from './content-type.ts';
import type { ApiNeeds } from './context.ts';
import { createCallerLimit, limitCallers } from './limit-callers.ts';
import { limitSockets } from './limit-sockets.ts';
import { servePages } from './pages.ts';
import { AppError, renderProblem } from './problem.ts';
import { readJson } from './read-json.ts';
import { appRoutes } from './routes/apps.ts';
import { auditRoutes } from './routes/audit.ts';
import { catalogueRoutes } from './routes/catalogue.ts';
import { deliveryRoutes } from './routes/deliveries.ts';
import { draftRoutes } from './routes/drafts.ts';
import { eventRoutes } from './routes/events.ts';
import { healthRoutes } from './routes/health.ts';
import { inboxRoutes } from './routes/inboxes.ts';
import { keyRoutes } from './routes/keys.ts';
import { liveRoutes } from './routes/live.ts';
import { meRoutes } from './routes/me.ts';
import { oidcRoutes } from './routes/oidc.ts';
import { overviewRoutes } from './routes/overview.ts';
import { peopleRoutes } from './routes/people.ts';
import { sessionRoutes } from './routes/session.ts';
import { secretListRoute } from './routes/secret-list.ts';
import { settingsRoutes } from './routes/settings.ts';
import { signingKeyRoutes } from './routes/signing-key.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { securityHeaders } from './security-headers.ts';
import { createSessionCookie } from './session-cookie.ts';
import { followSessions } from './signed-in.ts';
import { createValidatorCompiler } from './validate.ts';
import { limitWrongKeys } from './wrong-keys.ts';

export interface ServerNeeds extends Omit<ApiNeeds, 'cookie'> {
  readonly log: Logger;
  /** Wrong keys by address, in minutes. */
  readonly guesses: Counts;
  /** Requests by key. */
  readonly rates: Rates;
}

/**
 * Of what is no record. The largest that anybody needs is a webhook with all its actions; it is read
 * before it is known who sent it, and parsed on the thread that everything else waits for.
 */
const MAX_BODY_BYTES = 65_536;
/** Node's own limit; the headers of a request take a few hundred bytes. */
const MAX_HEADER_BYTES = 16_384;
/** Some proxies add a dozen. */
const MAX_HEADERS = 100;

/** Builds the HTTP server; it does not listen yet. */
export async function buildServer(given: ServerNeeds): Promise<FastifyInstance> {
  const { config } = given;
  const cookie = createSessionCookie(config);
  const needs: ServerNeeds & ApiNeeds = { ...given, cookie };
  const loggerInstance: FastifyBaseLogger = needs.log;
  const app = fastify({
    loggerInstance,
    // A logger per request is paid for by every event and used by none.
    childLoggerFactory: (logger) => logger,
    // One line per request would cost more than the request; failures are logged where they happen.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    // A client that drips its request or holds a connection open costs bounded time.
    requestTimeout: 30_000,
    http: {
      headersTimeout: 10_000,
      maxHeaderSize: MAX_HEADER_BYTES,
      // How often Node looks; by itself only every 30 seconds.
      connectionsCheckingInterval: 5_000,
    },
    keepAliveTimeout: 5_000,
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: renderProblem,
    trustProxy: config.trustProxy.length > 0 && [...config.trustProxy],
    forceCloseConnections: 'idle',
  }).withTypeProvider<TypeBoxTypeProvider>();

  app.setErrorHandler(renderProblem);
  // By itself Node answers 417, without a body. Whoever expects more than we know may do without.
  app.server.on('checkExpectation', (request, response) =>
    app.server.emit('request', request, response),
  );
  app.setValidatorCompiler(createValidatorCompiler());
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-content-type-options', 'nosniff');
    done(problemOfHead(request.raw));
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      bodyTypeOf(request.headers['content-type'], ['application/json']);
      done(null, readJson(body as Buffer));
    } catch (error) {
      done(error as Error);
    }
  });

  const addresses = createAddresses(config.trustProxy);
  limitSockets(app.server, { perAddress: config.addressSockets, inAll: config.sockets }, addresses);
  followSessions(app, {
    cookie,
    findSession: needs.people.findSession,
    publicUrl: config.publicUrl,
  });
  const { keys, guesses, rates } = needs;
  const limit = createCallerLimit({ rates, perSecond: config.keyRequests });
  if (config.keyRequests > 0) limitCallers(app, { keys, limit });
  const { accessTokens } = needs.people;
  limitWrongKeys(app, { keys, accessTokens, addresses, guesses, perMinute: config.wrongKeys });
  await app.register(helmet, securityHeaders(config.publicUrl?.startsWith('https:') === true));

  const answerWithPage = await servePages(app);
  app.setNotFoundHandler((request, reply) => {
    if (answerWithPage(request, reply)) return reply;
    throw new AppError(
      'not_found',
      `There is nothing at ${request.method} ${request.url.split('?')[0]}.`,
    );
  });

  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Posthorn',
        version: needs.version,
        description:
          'Sends webhooks: report an action with its record, and every webhook that asked for it gets a signed call.',
      },
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer' },
          session: {
            type: 'apiKey',
            in: 'cookie',
            name: '__Host-posthorn',
            description: 'Of a person who is signed in; `posthorn` over plain http.',
          },
        },
      },
      security: [{ key: [] }, { session: [] }],
    },
    hideUntagged: true,
  });
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });

  await app.register(eventRoutes(needs));
  await app.register(webhookRoutes(needs));
  await app.register(draftRoutes(needs));
  await app.register(healthRoutes(needs));
  await app.register(overviewRoutes(needs));
  await app.register(deliveryRoutes(needs));
  await app.register(appRoutes(needs));
  await app.register(keyRoutes(needs));
  await app.register(sessionRoutes(needs));
  await app.register(meRoutes(needs));
  await app.register(peopleRoutes(needs));
  await app.register(oidcRoutes(needs));
  await app.register(auditRoutes(needs));
  await app.register(settingsRoutes(needs));
  await app.register(secretListRoute(needs));
  await app.register(signingKeyRoutes(needs));
  await app.register(inboxRoutes(needs));
  await app.register(catalogueRoutes(needs));
  await app.register(liveRoutes(needs));
  if (config.nexudusApi === 'on') await app.register(nexudusRoutes({ ...needs, limit }));

  app.get('/v1/openapi.json', { schema: { hide: true } }, async () => app.swagger());
  app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'ok' }));
  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const refuse = (detail: string) => reply.code(503).send({ status: 'not ready', detail });
    // A disk can be too full for events and have room for a few bytes.
    if (needs.accept.isRefusing) return refuse('Events cannot be kept now.');
    try {
      await needs.store.proveWritable(undefined);
      return { status: 'ready' };
    } catch {
      return refuse('The store cannot write now.');
    }
  });
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    authorizeOperator(needs.keys, request);
    return reply.type(needs.metrics.contentType).send(await needs.metrics.show());
  });
  await app.ready();
  return app;
}

function problemOfHead({ rawHeaders, url }: FastifyRequest['raw']): AppError | undefined {
  if (rawHeaders.length > 2 * MAX_HEADERS)
    return new AppError('headers_too_large', `Send at most ${MAX_HEADERS} headers.`);
  // No id, name or cursor has one, and PostgreSQL takes none.
  if (url?.includes('%00') === true)
    return new AppError('invalid_request', 'The URL must not contain NUL.');
  return undefined;
}
