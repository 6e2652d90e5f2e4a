import { Client, Pool } from 'pg';

export interface AttemptRow {
  readonly deliveryId: string;
  readonly startedAt: number;
  readonly url: string;
  readonly requestHeaders: string;
  readonly status: number;
  readonly responseHeaders: string;
  readonly totalMs: number;
}

/** Makes the table, once per database and before the sender starts to work. */
export async function createAttemptLog(postgresUrl: string): Promise<void> {
  const client = new Client({ connectionString: postgresUrl });
  await client.connect();
  await client.query(`
    create table if not exists attempts (
      id bigint generated always as identity primary key,
      delivery_id text not null,
      started_at bigint not null,
      url text not null,
      request_headers text not null,
      status integer not null,
      response_headers text not null,
      total_ms real not null
    )`);
  await client.end();
}

/** Attempts in the table. */
export async function countAttempts(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    'select count(*)::int as count from attempts',
  );
  return rows[0]!.count;
}

/** `add` resolves when its row is on the disk. */
export function openAttemptLog(postgresUrl: string): { add(row: AttemptRow): Promise<void> } {
  const pool = new Pool({ connectionString: postgresUrl, max: 1 });
  let waiting: { row: AttemptRow; resolve: () => void; reject: (error: unknown) => void }[] = [];
  let isWriting = false;
  return {
    add: (row) =>
      new Promise((resolve, reject) => {
        waiting.push({ row, resolve, reject });
        if (!isWriting) void writeWaiting();
      }),
  };

  async function writeWaiting(): Promise<void> {
    isWriting = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await pool.query({
          name: 'insert',
          text: INSERT,
          values: columnsOf(batch.map(({ row }) => row)),
        });
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    isWriting = false;
  }
}

const INSERT = `
  insert into attempts
    (delivery_id, started_at, url, request_headers, status, response_headers, total_ms)
  select *
  from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::int[], $6::text[], $7::real[])`;

function columnsOf(rows: readonly AttemptRow[]): unknown[] {
  return [
    rows.map((row) => row.deliveryId),
    rows.map((row) => row.startedAt),
    rows.map((row) => row.url),
    rows.map((row) => row.requestHeaders),
    rows.map((row) => row.status),
    rows.map((row) => row.responseHeaders),
    rows.map((row) => row.totalMs),
  ];
}
