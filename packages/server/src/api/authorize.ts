import type { FastifyRequest } from 'fastify';
import { type Keys, mayDo, type Principal, type Scope } from '../settings/keys.ts';
import { AppError } from './problem.ts';

/** Who makes this request, if the key may do this; throws the 401 or 403 otherwise. */
export function authorize(keys: Keys, request: FastifyRequest, scope: Scope): Principal {
  const token = tokenOf(request);
  const principal = token === '' ? null : keys.authenticate(token);
  if (!principal) {
    throw new AppError(
      'unauthorized',
      token === ''
        ? 'Send an API key: `Authorization: Bearer ph_…`.'
        : 'This API key is not known, or it was revoked.',
    );
  }
  if (!mayDo(principal, scope))
    throw new AppError('forbidden', `This API key lacks the scope ${scope}.`);
  return principal;
}

/** The API key that came with a request; empty if none did. */
export function tokenOf({ headers: { authorization } }: FastifyRequest): string {
  const isBearer = authorization !== undefined && /^bearer /i.test(authorization);
  return isBearer ? authorization.slice(7).trim() : '';
}

/** As {@link authorize}, for what only an operator may do. */
export function authorizeOperator(keys: Keys, request: FastifyRequest): Principal {
  const principal = authorize(keys, request, 'settings:write');
  if (principal.app !== null) throw new AppError('forbidden', 'Only an operator may do this.');
  return principal;
}
