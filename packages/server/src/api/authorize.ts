import type { FastifyRequest } from 'fastify';
import type { Keys } from '../settings/keys.ts';
import { mayDo, type Principal, type Scope } from '../settings/principal.ts';
import type { Bounds } from '../store/bounds.ts';
import type { Who } from '../store/who.ts';
import { AppError } from './problem.ts';

/** Who makes this request, if they may do this; throws the 401 or 403 otherwise. */
export function authorize(keys: Keys, request: FastifyRequest, scope: Scope): Principal {
  const principal = identify(keys, request);
  if (!mayDo(principal, scope)) {
    throw new AppError(
      'forbidden',
      principal.kind === 'key'
        ? `This API key lacks the scope ${scope}.`
        : `Your role lacks the scope ${scope}.`,
    );
  }
  return principal;
}

/** Who makes this request, by an API key or a session; throws the 401 if nobody is known. */
export function identify(keys: Keys, request: FastifyRequest): Principal {
  const token = tokenOf(request);
  const principal = token === '' ? (request.signedIn?.principal ?? null) : keys.authenticate(token);
  if (principal) return principal;
  keys.refused(request.ip);
  throw new AppError(
    'unauthorized',
    token === ''
      ? 'Send an API key, `Authorization: Bearer ph_…`, or sign in.'
      : 'This API key is not known, it was revoked, or it has expired.',
  );
}

/** The API key that came with a request; empty if none did. */
export function tokenOf({ headers: { authorization } }: Pick<FastifyRequest, 'headers'>): string {
  const isBearer = authorization !== undefined && /^bearer /i.test(authorization);
  return isBearer ? authorization.slice(7).trim() : '';
}

/** As {@link authorize}, for what concerns the whole service. */
export function authorizeOperator(
  keys: Keys,
  request: FastifyRequest,
  scope: Scope = 'settings:write',
): Principal {
  const principal = authorize(keys, request, scope);
  if (!principal.isOperator) throw new AppError('forbidden', 'Only an operator may do this.');
  return principal;
}

/** The secrets that calls within these bounds are about; null: any. */
export function ownScopes({ app, locations }: Bounds): readonly string[] | null {
  if (app !== null) return [`app:${app}`];
  return locations === null ? null : locations.map((location) => `location:${location}`);
}

/** Whom the audit names for what this request changes. */
export function whoOf({ kind, id, name }: Principal, request: FastifyRequest): Who {
  return { kind, id, name, address: request.ip };
}

/**
 * The location that a request is about. Whoever is bound to one is asked for nothing; of several
 * one must be named; others may not be.
 */
export function boundLocation<T extends number | null | undefined>(
  { locations, kind }: Principal,
  location: T,
): T | number {
  if (locations === null) return location;
  if (location === undefined && locations.length === 1) return locations[0]!;
  if (typeof location === 'number' && locations.includes(location)) return location;
  throw new AppError(
    'forbidden',
    `${kind === 'key' ? 'This API key is' : 'You are'} for location ${locations.join(', ')} only.`,
    'location',
  );
}
