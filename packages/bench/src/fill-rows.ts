import { DatabaseSync } from 'node:sqlite';

export type RowState = 'delivered' | 'due';

/** Events per transaction. */
const SLICE = 100_000;
/** As in the server: a key is the milliseconds of its time × 2048, and a counter. */
const KEYS_PER_MS = 2048;
/** Younger than the default retention of 30 days, so that nothing leaves while we measure. */
const OLDEST_MS = 20 * 86_400_000;

/**
 * Puts events and their deliveries into the file of a store that no process uses, spread evenly
 * over the last 20 days and over these webhooks. Records are short (200 bytes), so that ten million
 * fit on a disk; what grows with the count is the depth of the indexes, not the width of a row.
 */
export function insertRows(
  file: string,
  state: RowState,
  count: number,
  webhooks: readonly number[],
): void {
  const db = new DatabaseSync(file);
  // A crash would ruin the file, which is thrown away then.
  db.exec('pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -200000');
  db.exec('create temp table slice (i integer primary key, webhook integer not null)');
  const statements = [INSERT_EVENTS, ...(state === 'due' ? [INSERT_DUE] : DELIVERED)].map((text) =>
    db.prepare(text),
  );
  const now = Date.now();
  const step = Math.max(2, Math.floor((OLDEST_MS * KEYS_PER_MS) / count));
  const first = (now - OLDEST_MS) * KEYS_PER_MS;
  for (let from = 0; from < count; from += SLICE) {
    const size = Math.min(SLICE, count - from);
    db.exec('begin');
    db.exec('delete from slice');
    db.prepare(FILL_SLICE).run(size, webhooks[0]!, webhooks.length);
    for (const statement of statements) statement.run(first + from * step, step);
    db.exec('commit');
  }
  db.close();
}

/** Webhooks have the ids that follow the first one. */
const FILL_SLICE = `
  insert into slice (i, webhook)
  with recursive n (i) as (select 0 union all select i + 1 from n where i + 1 < ?1)
  select i, ?2 + i % ?3 from n`;

const INSERT_EVENTS = `
  insert into events (key, action, location_id, is_test, deliveries, record)
  select ?1 + i * ?2, 6, webhook, 0, 1,
    cast(printf('{"Id":%d,"ResourceName":"Room Oak","CoworkerFullName":"Nora Lind","FromTime":"2026-02-03T14:00:00Z","ToTime":"2026-02-03T15:30:00Z","UniqueId":"948e03e7-054b-419e-a6cb-%012d"}', i, i) as blob)
  from slice`;

const INSERT_DUE = `
  insert into deliveries
    (key, event_key, webhook_id, state, attempts, failures, is_single, due_at)
  select ?1 + i * ?2 + 1, ?1 + i * ?2, webhook, 'due', 0, 0, 0, (?1 + i * ?2) / ${KEYS_PER_MS}
  from slice`;

const DELIVERED = [
  `insert into deliveries
     (key, event_key, webhook_id, state, attempts, failures, is_single, delivered_at, ended_at)
   select ?1 + i * ?2 + 1, ?1 + i * ?2, webhook, 'delivered', 1, 0, 0,
     (?1 + i * ?2) / ${KEYS_PER_MS}, (?1 + i * ?2) / ${KEYS_PER_MS}
   from slice`,
  `insert into attempts
     (delivery_key, number, started_at, url, request_headers, status, response_headers,
      response_truncated, first_byte_ms, total_ms)
   select ?1 + i * ?2 + 1, 1, (?1 + i * ?2) / ${KEYS_PER_MS}, 'http://127.0.0.1:61999/hook',
     printf('{"content-type":"application/json","webhook-id":"msg_%x","webhook-timestamp":"1767225600","posthorn-action":"BookingCreate","posthorn-attempt":"1"}', ?1 + i * ?2),
     204, '{"content-length":"0"}', 0, 1.5, 1.9
   from slice`,
];
