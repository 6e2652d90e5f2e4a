import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CALLBACK_PATH, type Oidc } from '../../oidc/oidc.ts';
import { countedAs } from '../addresses.ts';
import type { ApiNeeds } from '../context.ts';
import { createOidcCookie } from '../oidc-cookie.ts';
import { problemOf } from '../problem.ts';

type OidcNeeds = Pick<ApiNeeds, 'config' | 'cookie' | 'oidc'>;

/** For everybody, and for browsers: whatever happens, they are sent on. */
const OPEN = { tags: ['session'], security: [] };

/** Signing in by a provider of OpenID Connect; no such routes if there is none. */
export function oidcRoutes({ config, cookie, oidc }: OidcNeeds): FastifyPluginAsyncTypebox {
  return async (app) => {
    if (oidc) addRoutes(app, oidc);
  };

  function addRoutes(app: Parameters<FastifyPluginAsyncTypebox>[0], provider: Oidc): void {
    const pending = createOidcCookie(config.publicUrl);
    const sendOn = (reply: FastifyReply, to: string) => reply.redirect(to, 303);
    const sendBack = (reply: FastifyReply, code: string) => sendOn(reply, `/sign-in?error=${code}`);
    // Nobody reads JSON on the way.
    const errorHandler = (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      void sendBack(reply, problemOf(error, request).code);
    };

    app.get(
      '/v1/oidc/start',
      {
        errorHandler,
        schema: {
          ...OPEN,
          summary: 'Go to the provider and sign in there',
          description: 'A page that a browser is sent to; errors lead to `/sign-in?error=CODE`.',
        },
      },
      async (request, reply) => {
        cookie.requireSafeWay(request);
        const begun = await provider.begin(request.signedIn?.tokenHash ?? null);
        if (begun.kind === 'refused') return sendBack(reply, begun.refusal);
        pending.write(request, reply, begun.pending);
        return sendOn(reply, begun.url);
      },
    );

    app.get(
      CALLBACK_PATH,
      {
        errorHandler,
        schema: { ...OPEN, summary: 'Where the provider sends people back to' },
      },
      async (request, reply) => {
        const result = await provider.finish({
          query: request.url.split('?').slice(1).join('?'),
          pending: pending.take(request, reply),
          address: request.ip,
          network: countedAs(request.ip),
        });
        if (result.kind === 'refused') return sendBack(reply, result.refusal);
        cookie.write(request, reply, result.token);
        return sendOn(reply, '/');
      },
    );
  }
}
