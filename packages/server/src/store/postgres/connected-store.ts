import { randomInt } from 'node:crypto';
import sql from 'sql-template-tag';
import { acceptEvents } from '../operations/accept.postgres.ts';
import { claimDeliveries, releaseDeliveries } from '../operations/claim.postgres.ts';
import { type ColdOperations, coldOperations } from '../operations/cold.ts';
import { failpoint } from '../../telemetry/failpoint.ts';
import { settleAttempts } from '../operations/settle.postgres.ts';
import { TAG_LENGTH } from '../public-id.ts';
import { refuseUnfinishedMove } from '../move-marks.ts';
import { POSTGRES } from '../schema/dialects.ts';
import { migrate } from '../schema/migrate.ts';
import type { Operations, Store } from '../store.ts';
import type { Tx } from '../tx.ts';
import { type Database, onceConnected, openDatabase, txOf } from './database.ts';
import { KeyBlocks, startKeys } from './key-blocks.ts';
import { takePlace } from './place.ts';
import { openRepair } from './repair.ts';
import { lockSchema } from './schema-lock.ts';
import { createDaysAhead, turnDays } from './turn-days.ts';

/** Of one node at most, and one for keys: accept, settle, claim and look take one each. */
const CONNECTIONS = 10;
export interface ConnectOptions {
  readonly url: string;
  /** See PostgresOptions. */
  readonly dataDir: string | undefined;
}

/** A store as its thread knows it. */
export type ConnectedStore = Omit<Store, 'ids' | 'isShared' | 'disturbances'>;

/**
 * Connects to the database and brings its schema up to date.
 * Rejects with a sentence for people if it cannot be used.
 *
 * `onDisturbance`: the engine did not answer, or a connection broke.
 */
export async function connectStore(
  { url, dataDir }: ConnectOptions,
  onDisturbance: () => void,
): Promise<{ store: ConnectedStore; tag: string }> {
  const tag = await prepare(url).catch((error: unknown) => {
    throw new Error(`The database cannot be used: ${(error as Error).message}`, { cause: error });
  });
  const database = openDatabase(url, CONNECTIONS, onDisturbance);
  const counting = openDatabase(url, 1, onDisturbance);
  const keys = new KeyBlocks(counting);
  const repair = openRepair(database);
  const place = dataDir === undefined ? null : takePlace(dataDir);
  let over = place?.left ?? undefined;

  const cold = Object.fromEntries(
    Object.keys(coldOperations).map((name) => [name, runCold(database, name)]),
  ) as Pick<Operations, keyof ColdOperations>;
  const store: ConnectedStore = {
    ...cold,
    async startSession(input) {
      const started = await cold.startSession({ over, ...input });
      over = undefined;
      place?.note(started.session);
      return started;
    },
    async acceptEvents(batch) {
      const accepted = await repair.guarded(batch.session, (run) => acceptEvents(run, keys, batch));
      failpoint('accept:after-commit');
      return accepted;
    },
    claimDeliveries: (batch) =>
      repair.claiming(batch.session, (run) => claimDeliveries(run, batch)),
    async settleAttempts(batch) {
      const settled = await database.pipeline((run) => settleAttempts(run, batch));
      failpoint('settle:after-commit');
      return settled;
    },
    releaseDeliveries: (batch) =>
      repair.releasing(batch.session, batch.keys, (run) => releaseDeliveries(run, batch)),
    turnDays: (beforeMs) => turnDays(database, beforeMs),
    async close() {
      repair.stop();
      place?.leave();
      await Promise.all([database.close(), counting.close()]);
    },
  };
  return { store, tag };
}

function runCold(database: Database, name: string): (input: unknown) => Promise<unknown> {
  const run = coldOperations[name as keyof ColdOperations];
  return (input) => database.transaction<unknown>((context) => run(context, input as never));
}

/** All in one transaction, whose lock ends with it. */
function prepare(url: string): Promise<string> {
  return onceConnected(url, async (client) => {
    await client.query('begin');
    await lockSchema(client);
    const tx = txOf(client);
    await migrate(tx, POSTGRES, Date.now());
    await createDaysAhead(tx, Date.now());
    await refuseUnfinishedMove(tx);
    await startKeys(tx);
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
