import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { SigningKey } from '../../settings/signing-key.ts';
import { authorizeOperator, whoOf } from '../authorize.ts';
import type { ApiNeeds } from '../context.ts';
import { OVERLAP, readOverlap } from '../overlap.ts';
import { instant } from '../paging.ts';
import { AppError } from '../problem.ts';

type SigningKeyNeeds = Pick<ApiNeeds, 'keys' | 'signingKey'>;

/** The key pair that signs every call beside the shared secrets, where that is switched on. */
export function signingKeyRoutes({ keys, signingKey }: SigningKeyNeeds): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/v1/signing-key',
      {
        schema: {
          tags: ['secrets'],
          summary: 'The public keys that verify `v1a` signatures; readable without an API key',
          description:
            'The current one as Standard Webhooks writes it, and all that sign now as a JSON Web Key Set in `keys`: one that was replaced signs `until` then.',
        },
      },
      async () => viewOf(required(signingKey)),
    );

    app.post(
      '/v1/signing-key/rotate',
      {
        schema: {
          tags: ['secrets'],
          summary: 'Make another key pair, which signs from now on',
          description:
            'The one until now signs beside it for as long as `overlap` says; its receivers fetch the other one meanwhile.',
          body: Type.Optional(
            Type.Union([
              Type.Object({ overlap: OVERLAP }, { additionalProperties: false }),
              Type.Null(),
            ]),
          ),
        },
      },
      async (request, reply) => {
        const principal = authorizeOperator(keys, request);
        const key = required(signingKey);
        await key.rotate(readOverlap(request.body?.overlap), whoOf(principal, request));
        return reply.code(201).send(viewOf(key));
      },
    );
  };
}

function required(signingKey: SigningKey | null): SigningKey {
  if (signingKey !== null) return signingKey;
  throw new AppError('not_found', 'Calls are not signed with a key pair here.');
}

function viewOf(signingKey: SigningKey) {
  const all = signingKey.publicKeys();
  const [current] = all;
  if (current === undefined) {
    throw new AppError('not_found', 'The key pair cannot be opened, so it signs nothing.');
  }
  return {
    publicKey: current.publicKey,
    keys: all.map(({ jwk, publicKey, since, until }) => ({
      ...jwk,
      alg: 'EdDSA',
      use: 'sig',
      publicKey,
      since: instant(since),
      until: instant(until),
    })),
  };
}
