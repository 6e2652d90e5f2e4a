import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Logger } from 'pino';
import { authorizeOperator } from './authorize.ts';
import type { ApiNeeds } from './context.ts';
import { AppError, renderProblem } from './problem.ts';
import { appRoutes } from './routes/apps.ts';
import { auditRoutes } from './routes/audit.ts';
import { catalogueRoutes } from './routes/catalogue.ts';
import { deliveryRoutes } from './routes/deliveries.ts';
import { eventRoutes } from './routes/events.ts';
import { inboxRoutes } from './routes/inboxes.ts';
import { keyRoutes } from './routes/keys.ts';
import { settingsRoutes } from './routes/settings.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { createValidatorCompiler } from './validate.ts';

export interface ServerNeeds extends ApiNeeds {
  readonly log: Logger;
  readonly version: string;
}

/** Builds the HTTP server; it does not listen yet. */
export async function buildServer(needs: ServerNeeds): Promise<FastifyInstance> {
  const loggerInstance: FastifyBaseLogger = needs.log;
  const app = fastify({
    loggerInstance,
    // A logger per request is paid for by every event and used by none.
    childLoggerFactory: (logger) => logger,
    // One line per request would cost more than the request; failures are logged where they happen.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: needs.config.maxRecordBytes,
    // A client that drips its request or holds a connection open costs bounded time.
    requestTimeout: 30_000,
    keepAliveTimeout: 5_000,
    forceCloseConnections: 'idle',
  }).withTypeProvider<TypeBoxTypeProvider>();

  app.setErrorHandler(renderProblem);
  app.setNotFoundHandler((request) => {
    throw new AppError(
      'not_found',
      `There is nothing at ${request.method} ${request.url.split('?')[0]}.`,
    );
  });
  app.setValidatorCompiler(createValidatorCompiler());
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('x-content-type-options', 'nosniff');
    done();
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
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
      security: [{ key: [] }],
    },
    hideUntagged: true,
  });
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true });

  await app.register(eventRoutes(needs));
  await app.register(webhookRoutes(needs));
  await app.register(deliveryRoutes(needs));
  await app.register(appRoutes(needs));
  await app.register(keyRoutes(needs));
  await app.register(auditRoutes(needs));
  await app.register(settingsRoutes(needs));
  await app.register(inboxRoutes(needs));
  await app.register(catalogueRoutes(needs));

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
