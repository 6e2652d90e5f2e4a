import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { isMalformedSecret } from '../../attempt/sign.ts';
import { generateSecret, weaknessOf } from '../../settings/new-secret.ts';
import type { SecretScope, SecretState } from '../../settings/secrets.ts';
import type { Principal } from '../../settings/principal.ts';
import { authorize, authorizeOperator, ownScopes, requirePerson, whoOf } from '../authorize.ts';
import { confirmPassword } from '../confirm-password.ts';
import type { ApiNeeds } from '../context.ts';
import { OVERLAP, readOverlap } from '../overlap.ts';
import { instant, page, PAGE, readCursor } from '../paging.ts';
import { AppError } from '../problem.ts';
import { LOCATION } from './events.ts';
import { PASSWORD } from './person-view.ts';

type SettingsNeeds = Pick<ApiNeeds, 'keys' | 'people' | 'secrets' | 'store'>;

const SCOPE = Type.Object({
  scope: Type.String({
    pattern: '^(default|(location|app):[1-9][0-9]{0,15})$',
    description: '`default`, `location:ID` or `app:ID`',
  }),
});

const SECRET = Type.Object(
  {
    secret: Type.Optional(Type.String({ minLength: 1, maxLength: 1024 })),
    generate: Type.Optional(
      Type.Boolean({ description: 'Make a `whsec_` secret of 256 random bits instead' }),
    ),
    overlap: OVERLAP,
  },
  { additionalProperties: false },
);

/** Shared secrets, the names of locations, and what people are told. */
export function settingsRoutes({
  keys,
  people,
  secrets,
  store,
}: SettingsNeeds): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.put(
      '/v1/secrets/:scope',
      {
        schema: {
          tags: ['secrets'],
          summary: 'Set or generate the shared secret of a scope',
          description:
            'The one until now signs beside it for as long as `overlap` says. A generated secret is in this answer and nowhere else.',
          params: SCOPE,
          body: SECRET,
        },
      },
      async (request, reply) => {
        const { scope } = request.params;
        const principal = await authorizeScope(request, scope);
        const { overlap, generate = false } = request.body;
        const overlapMs = readOverlap(overlap);
        const secret = generate ? generateSecret() : readSecret(request.body.secret);
        if (generate && request.body.secret !== undefined) {
          throw new AppError('invalid_request', 'secret: is generated, so give none', 'secret');
        }
        const state = await secrets.set(scope, secret, overlapMs, whoOf(principal, request));
        const warning = weaknessOf(secret);
        if (generate) reply.header('cache-control', 'no-store');
        return {
          ...stateView(scope, state),
          ...(generate && { secret }),
          ...(warning !== null && { warning }),
        };
      },
    );

    app.get(
      '/v1/secrets/:scope',
      {
        schema: {
          tags: ['secrets'],
          summary: 'Whether a secret is set, since when, and how long the one before still signs',
          params: SCOPE,
        },
      },
      async (request) => {
        const { scope } = request.params;
        await authorizeScope(request, scope);
        return stateView(scope, secrets.state(scope));
      },
    );

    app.delete(
      '/v1/secrets/:scope',
      { schema: { tags: ['secrets'], summary: 'Remove the secret of a scope', params: SCOPE } },
      async (request, reply) => {
        const { scope } = request.params;
        const principal = await authorizeScope(request, scope);
        if (!(await secrets.remove(scope, whoOf(principal, request)))) {
          throw new AppError('not_found', 'No secret is set for this scope.');
        }
        return reply.code(204).send();
      },
    );

    app.post(
      '/v1/secrets/:scope/reveal',
      {
        schema: {
          tags: ['secrets'],
          summary: 'Show the secret to a person who gives their password again',
          description: 'The audit tells of it. `previous`: the one before, while it still signs.',
          params: SCOPE,
          body: Type.Object({ password: PASSWORD }, { additionalProperties: false }),
        },
      },
      async (request, reply) => {
        const { scope } = request.params;
        const principal = await authorizeScope(request, scope);
        const who = requirePerson(keys, request);
        const { password } = request.body;
        await confirmPassword(people, request, { who, password, field: 'password' });
        const [secret, previous] = secrets.reveal(scope);
        const state = secrets.state(scope);
        if (secret === undefined || state === null) {
          throw new AppError(
            'not_found',
            'No secret is set for this scope, or none can be opened.',
          );
        }
        await store.noteRevealedSecret({ scope, by: whoOf(principal, request) });
        reply.header('cache-control', 'no-store');
        return { ...stateView(scope, state), secret, previous: previous ?? null };
      },
    );

    app.get(
      '/v1/locations',
      {
        schema: {
          tags: ['locations'],
          summary: 'Locations with a name or a webhook; for an app, those of its webhooks',
          querystring: Type.Object(PAGE),
        },
      },
      async (request) => {
        const bounds = authorize(keys, request, 'webhooks:read');
        const { limit = 50, cursor } = request.query;
        const rows = await store.listLocations({ after: readCursor(cursor, 0), limit, bounds });
        return page(
          rows,
          limit,
          (row) => row.id,
          (row) => row,
        );
      },
    );

    app.put(
      '/v1/locations/:id',
      {
        schema: {
          tags: ['locations'],
          summary: 'Name a location',
          params: Type.Object({ id: LOCATION }),
          body: Type.Object(
            { name: Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' }) },
            { additionalProperties: false },
          ),
        },
      },
      async (request) => {
        authorizeOperator(keys, request);
        const { id, name } = await store.putLocation({
          id: request.params.id,
          name: request.body.name,
        });
        return { id, name };
      },
    );

    app.get(
      '/v1/notices',
      {
        schema: {
          tags: ['notices'],
          summary: 'What people are told, newest first',
          querystring: Type.Object({
            ...PAGE,
            webhook: Type.Optional(Type.Integer({ minimum: 1 })),
          }),
        },
      },
      async (request) => {
        const principal = authorize(keys, request, 'webhooks:read');
        const { limit = 50, cursor, webhook } = request.query;
        const before = readCursor(cursor, Number.MAX_SAFE_INTEGER);
        const rows = await store.listNotices({ before, limit, bounds: principal, webhook });
        return page(
          rows,
          limit,
          (row) => row.id,
          ({ deliveryKey, createdAt, ...row }) => ({
            ...row,
            delivery: deliveryKey === null ? null : store.ids.delivery(deliveryKey),
            createdAt: instant(createdAt),
          }),
        );
      },
    );
  };

  /**
   * An app manages its own secret, whoever is bound to locations alone those of the locations;
   * others are not there for them. That of an app is an operator's besides.
   */
  async function authorizeScope(request: FastifyRequest, scope: string): Promise<Principal> {
    const [kind, id] = scope.split(':');
    const principal = authorize(
      keys,
      request,
      kind === 'app' ? 'webhooks:write' : 'settings:write',
    );
    const own = ownScopes(principal);
    if (own !== null && !own.includes(scope)) {
      const isKnownKind = own.some((one) => one.startsWith(`${kind}:`));
      if (isKnownKind) throw new AppError('not_found', `There is no such ${kind}.`);
      const whose = principal.kind === 'key' ? 'This API key manages' : 'You manage';
      throw new AppError('forbidden', `${whose} the secret of ${own.join(', ')} only.`);
    }
    // What an app signs with concerns all its locations.
    const isPartOfApp = principal.app !== null && principal.locations !== null;
    if (isPartOfApp || (kind === 'app' && own === null && !principal.isOperator)) {
      throw new AppError('forbidden', 'Only an operator may do this.');
    }
    if (kind === 'app' && !(await store.getApp({ id: Number(id) }))) {
      throw new AppError('not_found', 'There is no such app.');
    }
    return principal;
  }
}

function readSecret(secret: string | undefined): string {
  const refuse = (problem: string) =>
    new AppError('invalid_request', `secret: ${problem}`, 'secret');
  if (secret === undefined) throw refuse('must be given, or "generate": true');
  if (/[\p{Cc}\p{Cs}]/u.test(secret)) throw refuse('must not contain control characters');
  if (/^wh[sp]k_/.test(secret)) throw refuse('whsk_ and whpk_ are halves of a key pair, no secret');
  if (isMalformedSecret(secret)) throw refuse('after whsec_ it must be standard base64');
  return secret;
}

/** What is told of a secret. */
export function stateView(scope: SecretScope, state: SecretState | null) {
  return {
    scope,
    isSet: state !== null,
    setAt: instant(state?.setAt ?? null),
    previousUntil: instant(state?.previousUntil ?? null),
  };
}
