import type { Bounds } from '../store/bounds.ts';

/** What somebody may do. `*` is everything: an operator's. */
export const SCOPES = [
  'events:write',
  'events:read',
  'webhooks:read',
  'webhooks:write',
  'deliveries:read',
  'deliveries:resend',
  'settings:write',
  'audit:read',
] as const;
export type Scope = (typeof SCOPES)[number];

/** Who makes a request. It sees and changes only what is within its bounds. */
export interface Principal extends Bounds {
  readonly kind: 'key' | 'person';
  /** The key's or the person's; `configured` for the key that was known beforehand. */
  readonly id: string;
  /** As people call it. */
  readonly name: string;
  /** Whose Idempotency-Keys these are: `operator`, `app:7`, `app:7/location:3`, `person:4`. */
  readonly caller: string;
  readonly scopes: ReadonlySet<string>;
  /** What concerns the whole service may be done as well, as far as the scopes allow it. */
  readonly isOperator: boolean;
}

export function mayDo(principal: Principal, scope: string): boolean {
  return principal.scopes.has('*') || principal.scopes.has(scope);
}
