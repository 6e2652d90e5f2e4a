import { Type } from 'typebox';
import { PASSWORD_LENGTH } from '../../people/passwords.ts';
import { ROLE_SCOPES } from '../../people/roles.ts';
import type { StoredPerson } from '../../store/operations/person-row.ts';

export const NAME = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' });

export const EMAIL = Type.String({
  maxLength: 254,
  pattern: '^\\s*[^\\s@]+@[^\\s@]+\\s*$',
  description: 'Nothing is sent there; it is what people sign in with',
});

export const NEW_PASSWORD = Type.String({
  minLength: PASSWORD_LENGTH.min,
  maxLength: PASSWORD_LENGTH.max,
  description: `At least ${PASSWORD_LENGTH.min} characters`,
});

/** What somebody shows who has a password already, whatever its rules were then. */
export const PASSWORD = Type.String({ minLength: 1, maxLength: PASSWORD_LENGTH.max });

/** 256 bits in base64url. */
export const LINK_TOKEN = Type.String({ minLength: 1, maxLength: 100 });

/** Somebody as they see themselves. */
export function sessionView(person: StoredPerson) {
  return {
    kind: 'person' as const,
    id: person.id,
    name: person.name,
    email: person.email,
    role: person.role,
    locations: person.locations,
    scopes: ROLE_SCOPES[person.role],
    totp: person.totpStep !== null,
  };
}
