import type { Client } from './database.ts';

/** Names our lock among those of other programs in the same database: "post" and a number. */
const LOCK = 0x70_6f_73_74_01;
/** How long a node waits for another one that brings the schema up to date. */
const WAIT = '120s';

/** Makes the caller's transaction the only one that changes the schema; the lock ends with it. */
export async function lockSchema(client: Client): Promise<void> {
  await client.query(`set local lock_timeout = '${WAIT}'`);
  await client.query(`select pg_advisory_xact_lock(${LOCK})`);
}
