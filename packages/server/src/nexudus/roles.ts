import type { FastifyRequest } from 'fastify';
import { AppError } from '../api/problem.ts';
import { mayDo, type Principal, type Scope } from '../settings/principal.ts';
import type { Authenticate } from './authenticate.ts';

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
export async function authorizeRole(
  authenticate: Authenticate,
  request: FastifyRequest,
  role: Role,
): Promise<Principal> {
  const principal = await authenticate(request);
  if (mayDo(principal, ROLES[role])) return principal;
  throw new AppError('unauthorized', `This takes the role ${role}.`);
}

/** What somebody may do, in the words of clients. */
export function rolesOf(principal: Principal): Role[] {
  return (Object.keys(ROLES) as Role[]).filter((role) => mayDo(principal, ROLES[role]));
}
