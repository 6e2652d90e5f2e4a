import type { FastifyRequest } from 'fastify';
import { type Keys, mayDo, type Principal, type Scope } from '../settings/keys.ts';
import type { Bounds } from '../store/bounds.ts';
import type { Who } from '../store/who.ts';
import { AppError } from './problem.ts';

/** Who makes this request, if the key may do this; throws the 401 or 403 otherwise. */
export function authorize(keys: Keys, request: FastifyRequest, scope: Scope): Principal {
  const token = tokenOf(request);
  const principal = token === '' ? null : keys.authenticate(token);
  if (!principal) {
    keys.refused(request.ip);
    throw new AppError(
      'unauthorized',
      token === ''
        ? 'Send an API key: `Authorization: Bearer ph_…`.'
        : 'This API key is not known, it was revoked, or it has expired.',
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

/** As {@link authorize}, for what only an operator may do, with a key that is bound to nothing. */
export function authorizeOperator(
  keys: Keys,
  request: FastifyRequest,
  scope: Scope = 'settings:write',
): Principal {
  const principal = authorize(keys, request, scope);
  if (principal.app !== null || principal.location !== null) {
    throw new AppError('forbidden', 'Only an operator may do this.');
  }
  return principal;
}

/** The one secret that a key's calls are about; null: any. */
export function ownScope({ app, location }: Bounds): string | null {
  if (app !== null) return `app:${app}`;
  return location === null ? null : `location:${location}`;
}

/** Whom the audit names for what this request changes. */
export function whoOf({ kind, id, name }: Principal, request: FastifyRequest): Who {
  return { kind, id, name, address: request.ip };
}

/**
 * The location that a request is about: the one that the key is bound to, if it is bound; asked for
 * nothing else then.
 */
export function boundLocation<T extends number | null | undefined>(
  principal: Principal,
  location: T,
): T | number {
  if (principal.location === null) return location;
  if (location === undefined || location === principal.location) return principal.location;
  throw new AppError(
    'forbidden',
    `This API key is for location ${principal.location} only.`,
    'location',
  );
}
