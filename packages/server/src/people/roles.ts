import type { Principal, Scope } from '../settings/principal.ts';
import type { Role, StoredPerson } from '../store/operations/person-row.ts';

const READS: readonly Scope[] = ['events:read', 'webhooks:read', 'deliveries:read'];

/** What the people of a role may do, at their locations. */
export const ROLE_SCOPES: Readonly<Record<Role, readonly (Scope | '*')[]>> = {
  operator: ['*'],
  manager: [
    ...READS,
    'events:write',
    'webhooks:write',
    'deliveries:resend',
    // The secrets of their locations; what concerns the whole service is for operators.
    'settings:write',
  ],
  viewer: READS,
};

export function principalOf({ id, name, role, locations }: StoredPerson): Principal {
  return {
    kind: 'person',
    id: String(id),
    name,
    caller: `person:${id}`,
    app: null,
    locations,
    scopes: new Set(ROLE_SCOPES[role]),
    isOperator: role === 'operator',
  };
}
