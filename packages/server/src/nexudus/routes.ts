import type { FastifyPluginAsync } from 'fastify';
import { bodyTypeOf } from '../api/content-type.ts';
import type { ApiNeeds } from '../api/context.ts';
import type { CallerLimit } from '../api/limit-callers.ts';
import { readJson } from '../api/read-json.ts';
import { createCheckPassword } from '../people/remember-passwords.ts';
import { createAuthenticate } from './authenticate.ts';
import { renderError } from './render-error.ts';
import { signInRoutes } from './sign-in-routes.ts';
import { webhookRoutes } from './webhook-routes.ts';

/** Everything that clients of the Nexudus REST API call here. None of it is in the OpenAPI file. */
export function nexudusRoutes(
  needs: ApiNeeds & { readonly limit: CallerLimit },
): FastifyPluginAsync {
  const { accessTokens, prove, guesses } = needs.people;
  const { store } = needs;
  const checkPassword = createCheckPassword({ store, prove, guesses, clock: performance });
  const authenticate = createAuthenticate({ ...needs, accessTokens, checkPassword });

  return async (app) => {
    app.setErrorHandler(renderError);
    await app.register(signInRoutes({ ...needs, accessTokens, authenticate }));
    await app.register(
      async (sys) => {
        sys.setNotFoundHandler((_request, reply) =>
          reply.code(404).type('application/json').send('"Not found"'),
        );
        sys.removeAllContentTypeParsers();
        sys.addContentTypeParser(
          'application/json',
          { parseAs: 'buffer' },
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
        await sys.register(webhookRoutes({ ...needs, authenticate }));
      },
      { prefix: '/api/sys' },
    );
  };
}
