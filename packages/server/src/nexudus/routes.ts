import type { FastifyPluginAsync } from 'fastify';
import { bodyTypeOf } from '../api/content-type.ts';
import { readJson } from '../api/read-json.ts';
import { renderError } from './render-error.ts';
import { webhookRoutes, type WebhookRoutesNeeds } from './webhook-routes.ts';

/** A record has a URL, a description and a dozen short properties. */
const MAX_BODY_BYTES = 65_536;

/** Everything that clients of the Nexudus REST API call here. None of it is in the OpenAPI file. */
export function nexudusRoutes(needs: WebhookRoutesNeeds): FastifyPluginAsync {
  return async (app) => {
    app.setErrorHandler(renderError);
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer', bodyLimit: MAX_BODY_BYTES },
      (request, body, done) => {
        try {
          bodyTypeOf(request.headers['content-type'], ['application/json']);
          // Clients say so of calls without a body as well.
          done(null, body.length === 0 ? undefined : readJson(body as Buffer));
        } catch (error) {
          done(error as Error);
        }
      },
    );

    await app.register(
      async (sys) => {
        sys.setNotFoundHandler((_request, reply) =>
          reply.code(404).type('application/json').send('"Not found"'),
        );
        await sys.register(webhookRoutes(needs));
      },
      { prefix: '/api/sys' },
    );
  };
}
