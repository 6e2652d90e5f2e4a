import sql, { type Sql } from 'sql-template-tag';

export const ROLES = ['operator', 'manager', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/** Somebody who signs in. */
export interface StoredPerson {
  readonly id: number;
  readonly name: string;
  /** In lower case. */
  readonly email: string;
  readonly role: Role;
  /** Null: all; an operator has all. */
  readonly locations: readonly number[] | null;
  /** The hash of the password; null: none was chosen yet. */
  readonly password: string | null;
  /** The last step of the clock whose code was used; null: no second factor. */
  readonly totpStep: number | null;
  readonly createdAt: number;
  readonly signedInAt: number | null;
}

/** What is decided about a person. */
export type PersonInput = Pick<StoredPerson, 'name' | 'email' | 'role' | 'locations'>;

/** Of the person `p`. */
export const PERSON_COLUMNS: Sql = sql`
  p.id, p.name, p.email, p.role, p.locations, p.password, p.totp_step, p.created_at,
  p.signed_in_at`;

export interface PersonRow {
  id: number;
  name: string;
  email: string;
  role: Role;
  locations: string | null;
  password: string | null;
  totp_step: number | null;
  created_at: number;
  signed_in_at: number | null;
}

export function storedPerson(row: PersonRow): StoredPerson {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    role: row.role,
    locations: row.locations === null ? null : (JSON.parse(row.locations) as number[]),
    password: row.password,
    totpStep: row.totp_step,
    createdAt: row.created_at,
    signedInAt: row.signed_in_at,
  };
}

/** As they are kept: a JSON array; null: all. */
export function writtenLocations(locations: StoredPerson['locations']): string | null {
  return locations === null ? null : JSON.stringify(locations);
}
