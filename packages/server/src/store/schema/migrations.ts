/**
 * The schema, as numbered steps, forward only, never edited after a release.
 *
 * One text for both engines; the words in braces are those of `dialects.ts`.
 * Instants are epoch milliseconds, truth values 0 and 1. Constraints say which columns belong to
 * which state; `docs/state-machine.md` draws the states.
 */
export interface Migration {
  readonly id: number;
  readonly name: string;
  /**
   * The oldest schema whose nodes may work on beside this one: that of the version before when
   * all that it reads and writes goes on to mean the same, and its own number otherwise.
   */
  readonly oldest: number;
  readonly statements: readonly string[];
}

export const MIGRATIONS: readonly Migration[] = [
  {
    id: 1,
    name: 'first',
    oldest: 1,
    statements: [
      // Facts about this store itself: its tag, and what must survive a restart.
      `create table meta (
         name text primary key,
         value text not null
       )`,
      // Small growing numbers that people see: webhook, app and person ids. Never reused.
      `create table counters (
         name text primary key,
         value bigint not null
       )`,
      // A row per process start, its number drawn by chance. Leases belong to a session and end with it.
      `create table sessions (
         id {key},
         started_at bigint not null,
         alive_until bigint not null
       )`,
      `create table locations (
         id {key},
         name text not null,
         updated_at bigint not null
       )`,
      `create table apps (
         id {key},
         name text not null,
         created_at bigint not null,
         deleted_at bigint
       )`,
      `create table api_keys (
         id text primary key,
         app_id bigint references apps (id),
         name text not null,
         secret_hash {bytes} not null,
         scopes text not null,
         -- What it is bound to; null: all locations.
         location_id bigint,
         created_at bigint not null,
         -- It is not good any more from then on; null: it is until it is revoked.
         expires_at bigint,
         -- The key that takes its place.
         successor_id text,
         last_used_at bigint,
         revoked_at bigint
       )`,
      `create table people (
         id {key},
         name text not null,
         -- In lower case.
         email text not null unique,
         role text not null check (role in ('operator', 'manager', 'viewer')),
         -- JSON array of ids; null: all.
         locations text,
         -- How it is hashed and the hash; null: none was chosen yet.
         password text,
         -- The last step of the clock whose code was used; null: there is no second factor.
         totp_step bigint,
         created_at bigint not null,
         updated_at bigint not null,
         signed_in_at bigint,
         check (role <> 'operator' or locations is null)
       )`,
      // Who people are to a provider of OpenID Connect.
      `create table identities (
         issuer text not null,
         subject text not null,
         person_id bigint not null references people (id),
         -- Whether the groups there say which role the person has here.
         gives_role integer not null check (gives_role in (0, 1)),
         linked_at bigint not null,
         primary key (issuer, subject),
         unique (person_id, issuer)
       )`,
      // Where people are signed in. As with links, the token itself is in no table.
      `create table person_sessions (
         token_hash text primary key,
         person_id bigint not null references people (id),
         began_at bigint not null,
         used_at bigint not null
       )`,
      `create index person_sessions_by_person on person_sessions (person_id)`,
      // What the API clients of people sign in with instead of a password, and get the next one with.
      `create table person_tokens (
         token_hash text primary key,
         person_id bigint not null references people (id),
         kind text not null check (kind in ('access', 'refresh')),
         -- What the client calls itself.
         client text not null,
         ends_at bigint not null
       )`,
      `create index person_tokens_by_person on person_tokens (person_id, kind, ends_at)`,
      // By which a person chooses a password, once; person null: the first one, at the set-up.
      `create table links (
         token_hash text primary key,
         person_id bigint references people (id),
         ends_at bigint not null
       )`,
      // Passwords and codes that were tried, by the hash of whose they are or where they came from.
      `create table guesses (
         name text primary key,
         tried integer not null,
         since bigint not null
       )`,
      // Who changed what: append-only. Details are JSON.
      `create table audit (
         id {auto},
         at bigint not null,
         who_kind text not null check (who_kind in ('key', 'person', 'system', 'unknown')),
         who_id text not null,
         who_name text not null,
         address text,
         what text not null,
         subject text,
         details text not null
       )`,
      `create index audit_by_time on audit (at)`,
      // What nodes tell each other of what clients did in the window that runs, or just ended.
      `create table counts (
         name text not null,
         session_id bigint not null,
         began_at bigint not null,
         count integer not null,
         primary key (name, session_id)
       )`,
      // Of each scope the current secret, and the one before it while that signs beside it.
      `create table secrets (
         scope text not null,
         slot text not null check (slot in ('current', 'previous')),
         key_id text not null,
         sealed {bytes} not null,
         set_at bigint not null,
         ends_at bigint,
         primary key (scope, slot),
         check ((slot = 'previous') = (ends_at is not null))
       )`,
      `create table webhooks (
         id {key},
         unique_id text not null unique,
         app_id bigint references apps (id),
         location_id bigint,
         name text not null,
         description text not null,
         url text not null,
         concurrency integer,
         active integer not null check (active in (0, 1)),
         created_at bigint not null,
         updated_at bigint not null,
         updated_by text not null,
         -- What an API client knows it by.
         system_id text,
         deleted_at bigint,
         -- Since when it is on; failures from before do not count any more.
         enabled_at bigint not null,
         disabled_at bigint,
         disabled_reason text,
         error_count integer not null,
         last_error text,
         last_trigger_at bigint,
         failing_since bigint,
         -- A receiver asked for a pause (Retry-After).
         paused_until bigint,
         -- For other nodes: when its lane last opened, closed or was paused.
         turned_at bigint,
         -- The delivery that an open lane probes with, for as long as it is leased.
         probe_key bigint,
         check ((active = 1) = (disabled_at is null))
       )`,
      `create index webhooks_by_location on webhooks (location_id, id) where deleted_at is null`,
      `create index webhooks_by_app on webhooks (app_id, id) where deleted_at is null`,
      // Which webhooks an event goes to. Action 0 is every action, location 0 every location.
      `create table subscriptions (
         action integer not null,
         location_id bigint not null,
         webhook_id bigint not null references webhooks (id),
         primary key (action, location_id, webhook_id)
       )`,
      `create index subscriptions_by_webhook on subscriptions (webhook_id)`,
      // Append-only. The deliveries of an event have the keys right behind its own.
      `create table events (
         key {key},
         action integer not null,
         location_id bigint,
         is_test integer not null,
         deliveries integer not null,
         record {bytes} not null
       ) {events_by_day}`,
      // What took place of one action, and at one location, newest first.
      `create index events_by_action on events (action, key)`,
      `create index events_by_location on events (location_id, key) where location_id is not null`,
      // The first answer to a request with an Idempotency-Key, as [[event key, deliveries], ...].
      `create table idempotency_keys (
         scope text not null,
         idempotency_key text not null,
         request_hash {bytes} not null,
         events text not null,
         created_at bigint not null,
         primary key (scope, idempotency_key)
       )`,
      `create index idempotency_keys_by_age on idempotency_keys (created_at)`,
      `create table deliveries (
         key {key_in_parts},
         event_key bigint not null,
         webhook_id bigint not null,
         state text not null check (state in ('due', 'leased', 'delivered', 'failed', 'cancelled')),
         -- Calls made; the schedule counts them.
         attempts integer not null,
         -- Consecutive failed calls since failing_since; they end with a success or a new enabled_at.
         failures integer not null,
         failing_since bigint,
         -- A person asked for this one call; whatever it meets, no re-attempt follows.
         is_single integer not null,
         due_at bigint,
         leased_by bigint,
         delivered_at bigint,
         ended_at bigint,
         reason text,
         check ((state = 'due') = (due_at is not null)),
         check ((state = 'leased') = (leased_by is not null)),
         check ((state in ('delivered', 'failed', 'cancelled')) = (ended_at is not null))
       ) {deliveries_by_state_and_day}`,
      // What waits: the claim of one lane by due time, and the counts of what is held.
      `create index deliveries_due on {open_deliveries} (webhook_id, due_at) where state = 'due'`,
      // What an open lane probes with, best first: a call that a person asked for, then the request
      // that has failed most. With an open lane little waits that has failed, so this stays small.
      `create index deliveries_probing
         on {open_deliveries} (webhook_id, is_single desc, failures desc, key)
         where state = 'due' and (failures > 0 or is_single = 1)`,
      // What a session holds, for the next one to release. Entries arrive at its end and leave at
      // its beginning, so a commit touches two pages of it, whatever the number of webhooks.
      `create index deliveries_leased on {open_deliveries} (leased_by) where state = 'leased'`,
      // What ended badly is rare and asked for often.
      `create index deliveries_failed on {ended_deliveries} (key) where state = 'failed'`,
      // The log of one webhook, newest first.
      `create index deliveries_by_webhook on deliveries (webhook_id, key)`,
      // Append-only.
      `create table attempts (
         delivery_key bigint not null,
         number integer not null,
         started_at bigint not null,
         url text not null,
         request_headers text not null,
         status integer,
         response_headers text,
         response_body {bytes},
         response_truncated integer not null,
         error_code text,
         error_detail text,
         -- What the certificate said that the call failed for, as JSON.
         certificate text,
         dns_ms real,
         connect_ms real,
         tls_ms real,
         first_byte_ms real,
         total_ms real not null,
         primary key (delivery_key, number)
       ) {attempts_by_day}`,
      // What people are told. Data is JSON.
      `create table notices (
         id {auto},
         kind text not null,
         webhook_id bigint not null,
         delivery_key bigint,
         detail text not null,
         created_at bigint not null
       )`,
      // What took place within spans of time, per webhook; 0 is all of them. For charts.
      `create table tallies (
         webhook_id bigint not null,
         span_ms bigint not null,
         span_at bigint not null,
         events bigint not null,
         calls bigint not null,
         failed_calls bigint not null,
         delivered bigint not null,
         failed bigint not null,
         -- Calls that were answered well, by how long they took.
         to_5_ms bigint not null,
         to_10_ms bigint not null,
         to_20_ms bigint not null,
         to_50_ms bigint not null,
         to_100_ms bigint not null,
         to_200_ms bigint not null,
         to_500_ms bigint not null,
         to_1000_ms bigint not null,
         to_2000_ms bigint not null,
         to_5000_ms bigint not null,
         to_10000_ms bigint not null,
         to_30000_ms bigint not null,
         longer bigint not null,
         primary key (webhook_id, span_ms, span_at)
       )`,
      `create index tallies_by_age on tallies (span_ms, span_at)`,
      // What nodes tell each other while somebody listens to what happens, and where somebody does.
      `create table tidings (
         id {auto},
         session_id bigint not null,
         at bigint not null,
         told text not null
       )`,
      `create table listening (
         session_id {key},
         until_at bigint not null
       )`,
      `create table inboxes (
         -- Only for the order in which they were made.
         number {auto},
         id text not null unique,
         scope text not null,
         -- What the key that made it was bound to.
         app_id bigint,
         location_id bigint,
         created_at bigint not null
       )`,
      `create table inbox_requests (
         inbox_id text not null references inboxes (id),
         number integer not null,
         received_at bigint not null,
         method text not null,
         path text not null,
         headers text not null,
         body {bytes} not null,
         signature text not null,
         primary key (inbox_id, number)
       )`,
    ],
  },
];
