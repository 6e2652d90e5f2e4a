import { Type } from 'typebox';
import type { KeyInput } from '../../settings/keys.ts';
import { type Principal, SCOPES } from '../../settings/principal.ts';
import type { StoredKey } from '../../store/operations/keys.ts';
import { requireScope } from '../authorize.ts';
import { instant } from '../paging.ts';
import { AppError } from '../problem.ts';
import { LOCATION } from './events.ts';

/** What people decide about a key, whoever's it is. */
export const KEY_FIELDS = {
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  location: Type.Optional(
    Type.Union([LOCATION, Type.Null()], {
      description: 'It sees and changes what is at this location only; null: at all',
    }),
  ),
  expiresAt: Type.Optional(
    Type.Union([Type.String({ maxLength: 40 }), Type.Null()], {
      description: 'RFC 3339; null: it is good until it is revoked',
    }),
  ),
};

export const KEY_SCOPES = Type.Array(Type.Enum([...SCOPES]), { minItems: 1, uniqueItems: true });

export function keyView(key: StoredKey) {
  return {
    id: key.id,
    name: key.name,
    app: key.app,
    location: key.location,
    scopes: key.scopes,
    createdAt: instant(key.createdAt),
    expiresAt: instant(key.expiresAt),
    successor: key.successor,
    lastUsedAt: instant(key.lastUsedAt),
  };
}

/** A time to come, in RFC 3339. */
export function readExpiry<T extends null | undefined>(text: string | T, now: number): number | T {
  if (typeof text !== 'string') return text;
  const at = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  if (!(at > now)) {
    throw new AppError('invalid_request', 'expiresAt: is not a time to come', 'expiresAt');
  }
  return at;
}

/** Nobody gives what they do not have themselves. */
export function requireScopes(principal: Principal, { scopes }: Pick<KeyInput, 'scopes'>): void {
  for (const scope of scopes) requireScope(principal, scope, 'scopes');
}
