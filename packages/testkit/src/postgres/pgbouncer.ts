import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { giveAway, unprivileged } from './binaries.ts';
import type { PostgresServer } from './open.ts';

/** A pgbouncer before a PostgreSQL server, in transaction mode. */
export interface Pgbouncer {
  /** Of the same database as the server's URL. */
  readonly url: string;
  readonly port: number;
  /** Kills it (SIGKILL), with all connections, and starts it again on the same port. */
  crash(): Promise<void>;
  /** Ends it. Safe to call twice. */
  stop(): Promise<void>;
}

const program = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin']
  .map((folder) => join(folder, 'pgbouncer'))
  .find(isExecutable);

/** Why there can be no pgbouncer here; null: there can. npm has none. */
export const noPgbouncer: string | null =
  program === undefined ? 'wants pgbouncer on the PATH or in /usr/sbin' : null;

/** `poolSize`: connections to the server, shared by all clients of a database. */
export async function openPgbouncer(
  server: Pick<PostgresServer, 'port'>,
  { poolSize = 10 }: { readonly poolSize?: number } = {},
): Promise<Pgbouncer> {
  if (program === undefined) throw new Error(`A test with pgbouncer ${noPgbouncer}.`);
  const dir = mkdtempSync(join(tmpdir(), 'posthorn-pgbouncer-'));
  giveAway(dir);
  const port = await freePort();
  const users = join(dir, 'users');
  const settings = join(dir, 'pgbouncer.ini');
  writeFileSync(users, '"posthorn" ""\n');
  writeFileSync(
    settings,
    `[databases]
* = host=127.0.0.1 port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${users}
pool_mode = transaction
default_pool_size = ${poolSize}
max_client_conn = 500
`,
  );
  for (const file of [users, settings]) giveAway(file);
  const launch = () =>
    spawn(program, [settings], { ...unprivileged(dir), stdio: ['ignore', 'ignore', 'pipe'] });
  let child = launch();
  // A test run that is cut short takes it along.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  await listening(child);

  let stopping: Promise<void> | undefined;
  return {
    url: `postgres://posthorn@127.0.0.1:${port}/postgres`,
    port,
    async crash() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      child = launch();
      await listening(child);
    },
    stop: () => (stopping ??= stop()),
  };

  async function stop(): Promise<void> {
    process.off('exit', kill);
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
    rmSync(dir, { recursive: true, force: true });
  }
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
      if (said.length < 10_000) said += chunk;
      if (said.includes('process up')) resolve();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`pgbouncer does not start. It said:\n${said}`)));
  });
}
