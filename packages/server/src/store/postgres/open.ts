import { randomInt } from 'node:crypto';
import sql from 'sql-template-tag';
import { acceptEvents } from '../operations/accept.postgres.ts';
import { failpoint } from '../../telemetry/failpoint.ts';
import { claimDeliveries, releaseDeliveries } from '../operations/claim.postgres.ts';
import { type ColdOperations, coldOperations } from '../operations/cold.ts';
import { settleAttempts } from '../operations/settle.postgres.ts';
import { publicIds, TAG_LENGTH } from '../public-id.ts';
import { migrate, POSTGRES } from '../schema/migrate.ts';
import type { Operations, Store } from '../store.ts';
import type { Tx } from '../tx.ts';
import { type Database, onceConnected, openDatabase, txOf } from './database.ts';
import { KeyBlocks } from './key-blocks.ts';
import { takePlace } from './place.ts';
import { openRepair } from './repair.ts';

/** Of one node at most, and one for keys: accept, settle, claim and look take one each. */
const CONNECTIONS = 10;
/** Names our lock among those of other programs in the same database: "post" and a number. */
const MIGRATION_LOCK = 0x70_6f_73_74_01;
/** How long a node waits for another one that brings the schema up to date. */
const MIGRATION_WAIT = '120s';

export interface PostgresOptions {
  readonly url: string;
  /** Where a node finds out at its start which one died there before, if that is known. */
  readonly dataDir?: string;
}

/**
 * Opens a store that several nodes share and brings its schema up to date; one node does so while
 * the others wait. Rejects with a sentence for people if the database cannot be used.
 */
export async function openPostgresStore({ url, dataDir }: PostgresOptions): Promise<Store> {
  const tag = await prepare(url).catch((error: unknown) => {
    throw new Error(`The database cannot be used: ${(error as Error).message}`, { cause: error });
  });
  const database = openDatabase(url, CONNECTIONS);
  const counting = openDatabase(url, 1);
  const keys = new KeyBlocks(counting);
  const repair = openRepair(database);
  const place = dataDir === undefined ? null : takePlace(dataDir);
  let over = place?.left ?? undefined;

  const cold = Object.fromEntries(
    Object.keys(coldOperations).map((name) => [name, runCold(database, name)]),
  ) as Pick<Operations, keyof ColdOperations>;
  return {
    ...cold,
    async startSession(input) {
      const started = await cold.startSession({ over, ...input });
      over = undefined;
      place?.note({ session: started.session, startedAt: started.now });
      return started;
    },
    async acceptEvents(batch) {
      const accepted = await repair.guarded(batch.session, (run) => acceptEvents(run, keys, batch));
      failpoint('accept:after-commit');
      return accepted;
    },
    claimDeliveries: async (batch) => {
      await repair.settled();
      return repair.guarded(batch.session, (run) => claimDeliveries(run, batch));
    },
    async settleAttempts(batch) {
      const settled = await database.transaction((run) => settleAttempts(run, batch));
      failpoint('settle:after-commit');
      return settled;
    },
    releaseDeliveries: (batch) => database.transaction((run) => releaseDeliveries(run, batch)),
    ids: publicIds(tag),
    isShared: true,
    async close() {
      repair.stop();
      place?.leave();
      await Promise.all([database.close(), counting.close()]);
    },
  };
}

function runCold(database: Database, name: string): (input: unknown) => Promise<unknown> {
  const run = coldOperations[name as keyof ColdOperations];
  return (input) => database.transaction<unknown>((context) => run(context, input as never));
}

/** All in one transaction, whose lock ends with it. */
function prepare(url: string): Promise<string> {
  return onceConnected(url, async (client) => {
    await client.query(`begin; set local lock_timeout = '${MIGRATION_WAIT}'`);
    await client.query(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    const tx = txOf(client);
    await migrate(tx, POSTGRES, Date.now());
    await tx.run(sql`
      insert into counters (name, value)
      select 'key', greatest(
        (select coalesce(max(key), 0) from events),
        (select coalesce(max(key), 0) from deliveries)
      ) + 1
      on conflict (name) do nothing`);
    const tag = await readTag(tx);
    await client.query('commit');
    return tag;
  });
}

async function readTag(tx: Tx): Promise<string> {
  const made = randomInt(36 ** TAG_LENGTH)
    .toString(36)
    .padStart(TAG_LENGTH, '0');
  await tx.run(sql`
    insert into meta (name, value)
    values ('tag', ${made})
    on conflict (name) do nothing`);
  const row = await tx.first<{ value: string }>(sql`select value from meta where name = 'tag'`);
  return row!.value;
}
