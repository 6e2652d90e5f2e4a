import { MIGRATIONS } from './migrations.ts';

/** The schema that this version of Posthorn makes and works with. */
export const SCHEMA_VERSION = MIGRATIONS.at(-1)!.id;

/**
 * Why this version cannot work with a store, in a sentence for people; null if it can.
 * `oldest`: the oldest schema whose nodes may, as the store's migrations say.
 */
export function refusalOf(oldest: number): string | null {
  return oldest > SCHEMA_VERSION
    ? `a newer Posthorn changed the store for schema ${oldest} and newer, and this version knows schema ${SCHEMA_VERSION}: run the newer version`
    : null;
}
