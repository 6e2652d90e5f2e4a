import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { StoredPerson } from '../../store/operations/person-row.ts';
import { countedAs } from '../addresses.ts';
import { identify, requirePerson, tokenOf, whoOf } from '../authorize.ts';
import type { ApiNeeds } from '../context.ts';
import { AppError } from '../problem.ts';
import { refuseOtherSites } from '../same-site.ts';
import { EMAIL, LINK_TOKEN, NAME, NEW_PASSWORD, PASSWORD, sessionView } from './person-view.ts';

type SessionNeeds = Pick<ApiNeeds, 'config' | 'cookie' | 'keys' | 'oidc' | 'people' | 'store'>;

/** For everybody. */
const OPEN = { tags: ['session'], security: [] };

/** Signing in and out, and the links by which people get their password. */
export function sessionRoutes({
  config: { publicCatalogue, publicUrl },
  cookie,
  keys,
  oidc,
  people,
  store,
}: SessionNeeds): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/v1/sign-in',
      {
        schema: {
          ...OPEN,
          summary: 'How people sign in; `setup`: there is nobody yet',
          description: '`catalogue`: its pages are shown to those who are not signed in as well.',
        },
      },
      async () => ({
        setup: await store.isWithoutPeople(undefined),
        password: true,
        oidc: oidc && { name: oidc.name },
        catalogue: publicCatalogue === 'on',
      }),
    );

    app.post(
      '/v1/setup',
      {
        schema: {
          ...OPEN,
          summary: 'Make the first person, an operator, with the link that the service printed',
          description: 'From then on the answer is 404.',
          body: Type.Object(
            { token: LINK_TOKEN, name: NAME, email: EMAIL, password: NEW_PASSWORD },
            { additionalProperties: false },
          ),
        },
      },
      async (request, reply) => {
        requireOwnPage(request);
        const { token, ...input } = request.body;
        const admitted = await people.setUp({ ...input, link: token, address: request.ip });
        if (!admitted) {
          if (await store.isWithoutPeople(undefined)) throw linkOver();
          throw new AppError('not_found', 'There is somebody already.');
        }
        reply.code(201);
        return admit(request, reply, admitted);
      },
    );

    app.post(
      '/v1/join',
      {
        schema: {
          ...OPEN,
          summary: 'Choose a password, with the link that an operator gave',
          description: 'Signs in, unless there is a second factor; ends what was signed in before.',
          body: Type.Object(
            { token: LINK_TOKEN, password: NEW_PASSWORD },
            { additionalProperties: false },
          ),
        },
      },
      async (request, reply) => {
        requireOwnPage(request);
        const { token, password } = request.body;
        const admitted = await people.join({ link: token, password, address: request.ip });
        if (!admitted) throw linkOver();
        return admit(request, reply, admitted);
      },
    );

    app.post(
      '/v1/session',
      {
        schema: {
          ...OPEN,
          summary: 'Sign in',
          description:
            '`sign_in_refused` says the same of an unknown person, a wrong password or code, and of too many of them. `code_needed`: the password is right, and a code of the authenticator is wanted as well.',
          body: Type.Object(
            {
              email: Type.String({ minLength: 1, maxLength: 254 }),
              password: PASSWORD,
              code: Type.Optional(Type.String({ pattern: '^\\d{6}$' })),
            },
            { additionalProperties: false },
          ),
        },
      },
      async (request, reply) => {
        requireOwnPage(request);
        const { email, password, code = null } = request.body;
        const result = await people.signIn({
          email,
          password,
          code,
          address: request.ip,
          network: countedAs(request.ip),
          replaces: request.signedIn?.tokenHash ?? null,
        });
        switch (result.kind) {
          case 'signed-in':
            return admit(request, reply, result);
          case 'code-needed':
            throw new AppError('code_needed', 'Send the code of the authenticator as well.');
          case 'refused':
            throw new AppError(
              'sign_in_refused',
              'Email, password or code are not right, or too many were wrong lately.',
            );
          case 'too-many':
            throw new AppError(
              'too_many_requests',
              'Too many tries came from this address.',
              undefined,
              result.retryAfterS,
            );
        }
      },
    );

    app.get(
      '/v1/session',
      { schema: { tags: ['session'], summary: 'Who asks, by a session or an API key' } },
      async (request) => {
        if (request.signedIn) return sessionView(request.signedIn.person);
        // Every visit begins with this question: nothing that the audit should count.
        if (tokenOf(request) === '') throw new AppError('unauthorized', 'Nobody is signed in.');
        const { kind, id, name, locations, scopes } = identify(keys, request);
        return { kind, id, name, locations, scopes: [...scopes] };
      },
    );

    app.delete(
      '/v1/session',
      { schema: { tags: ['session'], summary: 'Sign out' } },
      async (request, reply) => signOut(request, reply, requirePerson(keys, request).tokenHash),
    );

    app.delete(
      '/v1/sessions',
      { schema: { tags: ['session'], summary: 'Sign out everywhere' } },
      async (request, reply) => signOut(request, reply, null),
    );
  };

  /** Nobody is signed in to a browser by a page of somebody else, nor unencrypted. */
  function requireOwnPage(request: FastifyRequest): void {
    refuseOtherSites(request, { publicUrl, silent: 'served' });
    cookie.requireSafeWay(request);
  }

  function admit(
    request: FastifyRequest,
    reply: FastifyReply,
    { person, token }: { person: StoredPerson; token: string | null },
  ) {
    if (token !== null) cookie.write(request, reply, token);
    return sessionView(person);
  }

  async function signOut(request: FastifyRequest, reply: FastifyReply, tokenHash: string | null) {
    const { person, principal } = requirePerson(keys, request);
    await store.signOut({ person: person.id, tokenHash, by: whoOf(principal, request) });
    cookie.clear(request, reply);
    return reply.code(204).send();
  }
}

function linkOver(): AppError {
  return new AppError(
    'forbidden',
    'This link is not good any more: it was used, another took its place, or it is too old.',
    'token',
  );
}
