import type { FastifyRequest } from 'fastify';
import { AppError } from '../api/problem.ts';
import { tokenOf } from '../api/authorize.ts';
import { type Keys, mayDo, type Principal, type Scope } from '../settings/keys.ts';

/** What clients are told that they need, and the scope that it is here. */
const ROLES = {
  'WebHook-List': 'webhooks:read',
  'WebHook-Read': 'webhooks:read',
  'WebHook-Create': 'webhooks:write',
  'WebHook-Edit': 'webhooks:write',
  'WebHook-Delete': 'webhooks:write',
} as const satisfies Record<string, Scope>;
export type Role = keyof typeof ROLES;

/** Who makes this request, if they have this role; throws the 401 otherwise, as there. */
export function authorizeRole(keys: Keys, request: FastifyRequest, role: Role): Principal {
  const principal = authenticate(keys, request);
  if (!mayDo(principal, ROLES[role]))
    throw new AppError('unauthorized', `This takes the role ${role}.`);
  return principal;
}

/** Who makes this request, whatever they may do. */
export function authenticate(keys: Keys, request: FastifyRequest): Principal {
  const token = tokenOf(request) || passwordOf(request);
  const principal = token === '' ? null : keys.authenticate(token);
  if (principal) return principal;
  keys.refused(request.ip);
  throw new AppError(
    'unauthorized',
    'Send an API key: as `Authorization: Bearer ph_…`, or as the password of Basic authentication.',
  );
}

/** The password of Basic authentication; empty if there is none. */
function passwordOf({ headers: { authorization } }: FastifyRequest): string {
  const [, encoded = ''] = /^basic ([\w+/=-]+)$/i.exec(authorization ?? '') ?? [];
  const [, ...password] = Buffer.from(encoded, 'base64').toString().split(':');
  return password.join(':');
}
