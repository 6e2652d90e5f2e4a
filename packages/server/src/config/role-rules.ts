/** What the members of a group at a provider may do here. */
export interface RoleRule {
  readonly group: string;
  readonly role: 'operator' | 'manager' | 'viewer';
  /** Null: all; an operator has all. */
  readonly locations: readonly number[] | null;
}

/** Reads `front-desk=manager@7+9`; undefined if it is not written like this. */
export function parseRoleRule(text: string): RoleRule | undefined {
  const rule = /^(.+)=(operator|manager|viewer)(?:@([1-9]\d{0,14}(?:\+[1-9]\d{0,14})*))?$/.exec(
    text,
  );
  if (!rule) return undefined;
  const [, group = '', role, locations] = rule;
  if (role === 'operator' && locations !== undefined) return undefined;
  return {
    group,
    role: role as RoleRule['role'],
    locations: locations?.split('+').map(Number) ?? null,
  };
}
