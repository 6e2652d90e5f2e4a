import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort } from '@posthorn/testkit/free-port';
import { openPostgres, type PostgresServer } from '@posthorn/testkit/postgres';
import { Client } from 'pg';
import { startUntil } from './processes.ts';

/** A tool that this machine does not have; its rows say so. */
export class Missing extends Error {}

/** What one service gets for one measurement; `stop` takes it away with all that is in it. */
export interface Lent {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** What services need, started once for a whole run and only if something needs it. */
export interface Servers {
  /** Flags of Node for every service, beside its own. */
  readonly nodeFlags: readonly string[];
  /** A new folder that goes with the run. */
  readonly dir: () => string;
  /** A new, empty database on a real PostgreSQL server with fsync on. */
  readonly database: () => Promise<Lent>;
  /** The one that is running, if the run was given one; else an empty one of our own. */
  readonly redis: () => Promise<Lent>;
  readonly stop: () => Promise<void>;
}

export function openServers(runningRedis: string | null, nodeFlags: readonly string[]): Servers {
  let postgres: Promise<PostgresServer> | undefined;
  let databases = 0;
  const root = mkdtempSync(join(tmpdir(), 'posthorn-bench-'));

  const dir = () => mkdtempSync(join(root, 'part-'));

  return {
    nodeFlags,
    dir,
    async database() {
      postgres ??= openPostgres({ fsync: true });
      const { url } = await postgres;
      const name = `bench_${++databases}`;
      await query(url, `create database ${name}`);
      return {
        url: url.replace(/\/postgres$/, `/${name}`),
        stop: () => query(url, `drop database ${name} with (force)`),
      };
    },
    async redis() {
      return runningRedis === null
        ? startRedis(redisServer(), dir())
        : { url: runningRedis, stop: async () => {} };
    },
    async stop() {
      // If it did not start, whoever needed it has said so.
      await (await postgres?.catch(() => undefined))?.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

async function query(url: string, text: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

function redisServer(): string {
  const file = (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((dir) => join(dir, 'redis-server'))
    .find((candidate) => existsSync(candidate));
  if (!file) throw new Missing('there is no redis-server on the PATH');
  return file;
}

/** It appends every write to a file that is synced each second, as BullMQ's documentation asks. */
async function startRedis(file: string, dir: string): Promise<Lent> {
  const port = await freePort();
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir,
    appendonly: 'yes',
    appendfsync: 'everysec',
    save: '',
    'maxmemory-policy': 'noeviction',
  };
  const { stop } = await startUntil(
    file,
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    /Ready to accept connections/,
  );
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      await stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
