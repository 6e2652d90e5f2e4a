import sql, { empty, join, raw, type Sql } from 'sql-template-tag';

/** What a thing belongs to. Null: to no app; to all locations. */
export interface Owned {
  readonly app: number | null;
  readonly location: number | null;
}

/** What a caller sees and changes: what is this app's, and at one of these locations. Null: all. */
export interface Bounds {
  readonly app: number | null;
  readonly locations: readonly number[] | null;
}

export const UNBOUNDED: Bounds = { app: null, locations: null };

/** The bounds of what works for this app, at this location. */
export function boundsOf({ app, location }: Owned): Bounds {
  return { app, locations: location === null ? null : [location] };
}

/** The same text for the same bounds. */
export function boundsKey({ app, locations }: Bounds): string {
  return JSON.stringify([app, locations]);
}

export function isUnbounded({ app, locations }: Bounds): boolean {
  return app === null && locations === null;
}

/** What is at all locations belongs to none of them. */
export function isWithin(owned: Owned, { app, locations }: Bounds): boolean {
  const isAt =
    locations === null || (owned.location !== null && locations.includes(owned.location));
  return isAt && (app === null || owned.app === app);
}

/** The same as a condition on the webhook `w`. */
export function andWithin({ app, locations }: Bounds): Sql {
  return sql`${app === null ? empty : sql`and w.app_id = ${app}`}
    ${andAt('w.location_id', locations)}`;
}

/** As a condition on a column that holds a location. */
export function andAt(column: string, locations: Bounds['locations']): Sql {
  if (locations === null) return empty;
  return sql`and ${raw(column)} in (${join(locations)})`;
}
