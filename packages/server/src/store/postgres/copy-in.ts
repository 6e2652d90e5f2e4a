import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from } from 'pg-copy-streams';
import type { Client } from './database.ts';

/**
 * Inserts rows with COPY, several times as fast as statements with parameters, through the parent
 * table where it has partitions. `rows` are whole rows in COPY's text format, in chunks of any
 * number of rows; they are asked for as fast as the server takes them. Returns how many it took.
 */
export async function copyIn(
  client: Client,
  { table, columns }: { readonly table: string; readonly columns: readonly string[] },
  rows: Iterable<Buffer>,
): Promise<number> {
  const names = columns.map((column) => `"${column}"`).join(', ');
  const copy = client.query(from(`copy "${table}" (${names}) from stdin`));
  await pipeline(Readable.from(rows, { objectMode: true, highWaterMark: 1 }), copy);
  return copy.rowCount;
}
