/**
 * How an engine writes the few things in which the schema differs: types, and on PostgreSQL the
 * partitions that a table has from the beginning. Those of the days are made by `days.ts`.
 */
export interface Dialect {
  /** An integer primary key that we choose. */
  readonly key: string;
  /** An integer primary key that the engine counts up. */
  readonly auto: string;
  /** A byte string. */
  readonly bytes: string;
  /** The key of a table whose parts have the primary key, each its own. */
  readonly key_in_parts: string;
  readonly events_by_day: string;
  readonly deliveries_by_state_and_day: string;
  readonly attempts_by_day: string;
  /** Where the deliveries are that are due or leased: the indexes of what waits belong there. */
  readonly open_deliveries: string;
  readonly ended_deliveries: string;
}

export const SQLITE: Dialect = {
  key: 'integer primary key',
  auto: 'integer primary key',
  bytes: 'blob',
  key_in_parts: 'integer primary key',
  events_by_day: '',
  deliveries_by_state_and_day: '',
  attempts_by_day: '',
  open_deliveries: 'deliveries',
  ended_deliveries: 'deliveries',
};

/**
 * What is due or leased is in a part of its own, small and hot, whatever its age; a delivery that
 * ends moves to the part of its day. So a statement about what waits names its state, and touches
 * one part however many days are kept.
 */
export const POSTGRES: Dialect = {
  key: 'bigint primary key',
  auto: 'bigint generated always as identity primary key',
  bytes: 'bytea',
  key_in_parts: 'bigint not null',
  events_by_day: `partition by range (key);
    create table events_default partition of events default`,
  deliveries_by_state_and_day: `partition by list (state);
    create table deliveries_open partition of deliveries (primary key (key))
      for values in ('due', 'leased');
    create table deliveries_ended partition of deliveries (primary key (key))
      for values in ('delivered', 'failed', 'cancelled')
      partition by range (key);
    create table deliveries_default partition of deliveries_ended default`,
  attempts_by_day: `partition by range (delivery_key);
    create table attempts_default partition of attempts default`,
  open_deliveries: 'deliveries_open',
  ended_deliveries: 'deliveries_ended',
};
