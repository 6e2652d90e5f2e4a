import {
  chmodSync,
  copyFileSync,
  type Dirent,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from '../free-port.ts';
import { giveAway } from './binaries.ts';
import type { PostgresServer } from './open.ts';
import { type RunningServer, runServer } from './run-server.ts';

/** A second server that follows the first one, until it is promoted. */
export interface Standby extends Pick<RunningServer, 'freeze' | 'kill' | 'start'> {
  readonly url: string;
  readonly port: number;
  readonly data: string;
  /** Makes it a server of its own that can be written to; resolves when it can. */
  promote(): Promise<void>;
  /** Ends it and removes its data. Safe to call twice. */
  stop(): Promise<void>;
}

const NAME = 'standby';

/**
 * Makes a standby from a running server, which may be under load: a base backup by
 * `pg_backup_start` and a copy of the files, since npm's PostgreSQL comes without pg_basebackup.
 * With `isSynchronous` the server answers no commit any more before the standby has it on disk.
 */
export async function openStandby(
  primary: Pick<PostgresServer, 'url' | 'port' | 'data'>,
  {
    isSynchronous,
    through = primary.port,
  }: {
    readonly isSynchronous: boolean;
    /** The port at which the standby finds the server, if not its own: something between them. */
    readonly through?: number;
  },
): Promise<Standby> {
  const dir = mkdtempSync(join(tmpdir(), 'posthorn-standby-'));
  giveAway(dir);
  const data = join(dir, 'data');
  const client = new pg.Client({ connectionString: primary.url });
  await client.connect();
  await client.query(`select pg_create_physical_replication_slot('${NAME}', true)`);
  await copyBase(client, primary.data, data);
  const port = await freePort();
  const server = await runServer({
    dir,
    data,
    port,
    settings: [
      'fsync=off',
      `primary_conninfo=host=127.0.0.1 port=${through} user=posthorn application_name=${NAME}`,
      `primary_slot_name=${NAME}`,
    ],
    readyWhen: 'ready to accept read-only connections',
  });
  if (isSynchronous) await makeSynchronous(client);
  await client.end();

  let stopping: Promise<void> | undefined;
  const url = `postgres://posthorn@127.0.0.1:${port}/postgres`;
  return {
    url,
    port,
    data,
    freeze: () => server.freeze(),
    kill: () => server.kill(),
    start: () => server.start(),
    async promote() {
      const own = new pg.Client({ connectionString: url });
      await own.connect();
      await own.query('select pg_promote(true, 60)');
      await own.end();
    },
    stop: () => (stopping ??= stop()),
  };

  async function stop(): Promise<void> {
    await server.end();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function copyBase(client: pg.Client, from: string, to: string): Promise<void> {
  await client.query(`select pg_backup_start('${NAME}', true)`);
  copyFolder(from, to);
  const { rows } = await client.query<{ labelfile: string }>(
    'select labelfile from pg_backup_stop(false)',
  );
  for (const [name, text] of [
    ['backup_label', rows[0]!.labelfile],
    ['standby.signal', ''],
  ] as const) {
    writeFileSync(join(to, name), text);
    giveAway(join(to, name));
  }
}

/** Folders of which a backup has the name and not the content. */
const EMPTY =
  /^(pg_replslot|pg_dynshmem|pg_notify|pg_serial|pg_snapshots|pg_stat_tmp|pg_subtrans)$/;

/** Files come and go while it copies; the log that the standby reads makes up for it. */
function copyFolder(from: string, to: string): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) copyEntry(entry, from, to);
  chmodSync(to, 0o700);
  giveAway(to);
}

function copyEntry(entry: Dirent, from: string, to: string): void {
  const [source, target] = [join(from, entry.name), join(to, entry.name)];
  if (entry.isDirectory()) {
    if (!EMPTY.test(entry.name)) return copyFolder(source, target);
    mkdirSync(target, { mode: 0o700 });
  } else {
    // The log comes over the wire; these two name a process that is not ours.
    if (from.endsWith('pg_wal') || /^postmaster\.(pid|opts)$/.test(entry.name)) return;
    try {
      copyFileSync(source, target);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
  }
  giveAway(target);
}

async function makeSynchronous(client: pg.Client): Promise<void> {
  await client.query(`alter system set synchronous_standby_names = '${NAME}'`);
  await client.query('select pg_reload_conf()');
  for (;;) {
    const { rowCount } = await client.query(
      `select 1 from pg_stat_replication where sync_state = 'sync'`,
    );
    if (rowCount === 1) return;
    await pause(20);
  }
}
