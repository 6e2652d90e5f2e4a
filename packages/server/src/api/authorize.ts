import type { FastifyRequest } from 'fastify';
import type { SignedIn } from '../people/sessions.ts';
import type { Keys } from '../settings/keys.ts';
import { mayDo, type Principal, type Scope } from '../settings/principal.ts';
import type { Bounds } from '../store/bounds.ts';
import type { Who } from '../store/who.ts';
import { AppError } from './problem.ts';

/** Who makes this request, if they may do this; throws the 401 or 403 otherwise. */
export function authorize(keys: Keys, request: FastifyRequest, scope: Scope): Principal {
  const principal = identify(keys, request);
  requireScope(principal, scope);
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

/** For what only a person can do; throws the 401, or the 403 for an API key. */
export function requirePerson(keys: Keys, request: FastifyRequest): SignedIn {
  identify(keys, request);
  if (request.signedIn) return request.signedIn;
  throw new AppError('forbidden', 'Only a person who is signed in may do this.');
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
  const principal = identify(keys, request);
  if (!principal.isOperator) throw new AppError('forbidden', 'Only an operator may do this.');
  requireScope(principal, scope);
  return principal;
}

/** Throws the 403. `field`: what of the request asks for the scope. */
export function requireScope(principal: Principal, scope: string, field?: string): void {
  if (mayDo(principal, scope)) return;
  const who = principal.kind === 'key' ? 'This API key' : 'Your role';
  throw new AppError('forbidden', `${who} lacks the scope ${scope}.`, field);
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
