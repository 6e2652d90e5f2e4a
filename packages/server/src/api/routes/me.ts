import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { SignedIn } from '../../people/sessions.ts';
import { requirePerson, whoOf } from '../authorize.ts';
import { confirmPassword } from '../confirm-password.ts';
import type { ApiNeeds } from '../context.ts';
import { AppError } from '../problem.ts';
import { NAME, NEW_PASSWORD, PASSWORD, sessionView } from './person-view.ts';

type MeNeeds = Pick<ApiNeeds, 'cookie' | 'keys' | 'people' | 'store'>;

/** What people change about themselves. */
export function meRoutes({ cookie, keys, people, store }: MeNeeds): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.patch(
      '/v1/me',
      {
        schema: {
          tags: ['session'],
          summary: 'Change your name or password',
          description: 'Another password ends all your other sessions.',
          body: Type.Object(
            {
              name: Type.Optional(NAME),
              password: Type.Optional(
                Type.Object(
                  { current: PASSWORD, new: NEW_PASSWORD },
                  { additionalProperties: false },
                ),
              ),
            },
            { additionalProperties: false, minProperties: 1 },
          ),
        },
      },
      async (request, reply) => {
        const who = requirePerson(keys, request);
        const { name, password } = request.body;
        const by = whoOf(who.principal, request);
        if (password) {
          const shown = { who, password: password.current, field: 'password.current' };
          await confirmPassword(people, request, shown);
          goOn(request, reply, await people.changePassword(who, password.new, by));
        }
        if (name !== undefined) {
          const input = { id: who.person.id, change: { name }, dropsTotp: false, by };
          await store.updatePerson(input);
        }
        return view(who);
      },
    );

    app.post(
      '/v1/me/totp',
      {
        schema: {
          tags: ['session'],
          summary: 'A secret for your authenticator; a code of it switches the second factor on',
        },
      },
      async (request, reply) => {
        const who = requirePerson(keys, request);
        if (who.person.totpStep !== null) throw isOn();
        if (who.person.password === null)
          throw new AppError('conflict', 'Choose a password first: codes are asked for beside it.');
        reply.header('cache-control', 'no-store');
        return people.proposeTotp(who);
      },
    );

    app.put(
      '/v1/me/totp',
      {
        schema: {
          tags: ['session'],
          summary: 'Switch the second factor on',
          description: 'Ends all your other sessions.',
          body: Type.Object(
            { code: Type.String({ pattern: '^\\d{6}$' }), password: PASSWORD },
            { additionalProperties: false },
          ),
        },
      },
      async (request, reply) => {
        const who = requirePerson(keys, request);
        if (who.person.totpStep !== null) throw isOn();
        const { code, password } = request.body;
        await confirmPassword(people, request, { who, password, field: 'password' });
        const token = await people.startTotp(who, code, whoOf(who.principal, request));
        if (token === null) throw new AppError('invalid_request', 'code: is not right', 'code');
        goOn(request, reply, token);
        return view(who);
      },
    );

    app.delete(
      '/v1/me/totp',
      {
        schema: {
          tags: ['session'],
          summary: 'Switch the second factor off',
          description: 'Ends all your other sessions.',
          body: Type.Object({ password: PASSWORD }, { additionalProperties: false }),
        },
      },
      async (request, reply) => {
        const who = requirePerson(keys, request);
        if (who.person.totpStep === null) throw new AppError('not_found', 'It is off.');
        const { password } = request.body;
        await confirmPassword(people, request, { who, password, field: 'password' });
        goOn(request, reply, await people.stopTotp(who, whoOf(who.principal, request)));
        return view(who);
      },
    );
  };

  /** With another token from here on. */
  function goOn(request: FastifyRequest, reply: FastifyReply, token: string | null): void {
    if (token === null) throw new AppError('conflict', 'It was changed elsewhere meanwhile.');
    cookie.write(request, reply, token);
  }

  async function view({ person }: SignedIn) {
    return sessionView((await store.getPerson({ id: person.id })) ?? person);
  }
}

function isOn(): AppError {
  return new AppError('conflict', 'The second factor is on: switch it off first.');
}
