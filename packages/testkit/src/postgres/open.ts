import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { binaries, giveAway, run, unprivileged } from './binaries.ts';
import { type RunningServer, runServer } from './run-server.ts';

/** A real PostgreSQL server of its own, from npm, with its data in a temporary folder. */
export interface PostgresServer extends Omit<RunningServer, 'end'> {
  /** Of its database `postgres`; everybody on this machine may connect. */
  readonly url: string;
  readonly port: number;
  readonly data: string;
  /** Ends the server and removes its data. Safe to call twice. */
  stop(): Promise<void>;
}

export interface PostgresInput {
  /**
   * False saves tests the time of a disk; the data outlives the death of the server all the same,
   * only not that of the machine.
   */
  readonly fsync?: boolean;
  /** `name=value`, as in postgresql.conf. */
  readonly settings?: readonly string[];
  /** An existing folder to keep the data in, on a disk of its own; default: the temporary folder. */
  readonly on?: string;
}

/** Starts a server and waits until it answers. */
export async function openPostgres({
  fsync = false,
  settings = [],
  on = tmpdir(),
}: PostgresInput = {}): Promise<PostgresServer> {
  const { initdb } = await binaries();
  const dir = mkdtempSync(join(on, 'posthorn-postgres-'));
  giveAway(dir);
  const data = join(dir, 'data');
  await run(
    initdb,
    ['-D', data, '-U', 'posthorn', '--auth=trust', '--no-sync', '--no-locale', '-E', 'utf8'],
    unprivileged(dir),
  );
  const port = await freePort();
  const server = await runServer({
    dir,
    data,
    port,
    settings: [`fsync=${fsync ? 'on' : 'off'}`, ...settings],
    readyWhen: 'ready to accept connections',
  });

  let stopping: Promise<void> | undefined;
  return Object.assign(server, {
    url: `postgres://posthorn@127.0.0.1:${port}/postgres`,
    port,
    data,
    stop: () => (stopping ??= stop()),
  });

  async function stop(): Promise<void> {
    await server.end();
    rmSync(dir, { recursive: true, force: true });
  }
}
