import sql, { empty, type Sql } from 'sql-template-tag';

/** What a caller sees and changes: what is this app's, and what is at this location. Null: all. */
export interface Bounds {
  readonly app: number | null;
  readonly location: number | null;
}

export const UNBOUNDED: Bounds = { app: null, location: null };

/** What is at all locations belongs to none of them. */
export function isWithin(owned: Bounds, { app, location }: Bounds): boolean {
  return (app === null || owned.app === app) && (location === null || owned.location === location);
}

/** The same as a condition on the webhook `w`. */
export function andWithin({ app, location }: Bounds): Sql {
  return sql`${app === null ? empty : sql`and w.app_id = ${app}`}
    ${location === null ? empty : sql`and w.location_id = ${location}`}`;
}
