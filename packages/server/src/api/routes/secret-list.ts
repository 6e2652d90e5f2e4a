import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { authorize, identify, ownScopes } from '../authorize.ts';
import type { ApiNeeds } from '../context.ts';
import { PAGE } from '../paging.ts';
import { stateView } from './settings.ts';

/** Which shared secrets there are; what can be done with one of them is beside it. */
export function secretListRoute({
  keys,
  secrets,
}: Pick<ApiNeeds, 'keys' | 'secrets'>): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/v1/secrets',
      {
        schema: {
          tags: ['secrets'],
          summary: 'The scopes that have a secret, as far as the caller manages them',
          querystring: Type.Object(PAGE),
        },
      },
      async (request) => {
        const isApp = identify(keys, request).app !== null;
        const principal = authorize(keys, request, isApp ? 'webhooks:write' : 'settings:write');
        const own = ownScopes(principal);
        // What an app signs with concerns all its locations.
        const isPartOfApp = isApp && principal.locations !== null;
        const { limit = 50, cursor } = request.query;
        const after = Buffer.from(cursor ?? '', 'base64url').toString();
        const found = secrets
          .states()
          .filter(([scope]) => scope > after && !isPartOfApp && (own?.includes(scope) ?? true))
          .filter(([scope]) => isApp || principal.isOperator || !scope.startsWith('app:'))
          .toSorted(([a], [b]) => (a < b ? -1 : 1))
          .slice(0, limit);
        const last = found.length === limit ? found.at(-1) : undefined;
        return {
          items: found.map(([scope, state]) => stateView(scope, state)),
          cursor: last === undefined ? null : Buffer.from(last[0]).toString('base64url'),
        };
      },
    );
  };
}
