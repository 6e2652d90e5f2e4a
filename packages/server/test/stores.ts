import pg from 'pg';
import { openPostgres, type PostgresServer } from '@posthorn/testkit/postgres';
import { openPostgresStore } from '../src/store/postgres/open.ts';
import { openSqliteStore } from '../src/store/sqlite/open.ts';
import type { Store } from '../src/store/store.ts';
import { newDataDir, removeDataDir } from './start.ts';

/** One engine, as tests of the store see it. */
export interface Engine {
  readonly name: 'SQLite' | 'PostgreSQL';
  start(): Promise<void>;
  /** A new, empty store. */
  open(): Promise<Store>;
  /** A new store, opened by two nodes; null: the engine knows only one. */
  openTwice: (() => Promise<[Store, Store]>) | null;
  /** Closes every store and removes what was left behind. */
  stop(): Promise<void>;
}

export function sqliteEngine(): Engine {
  const opened: { store: Store; dataDir: string }[] = [];
  return {
    name: 'SQLite',
    start: async () => {},
    async open() {
      const dataDir = newDataDir();
      const store = await openSqliteStore({ dataDir });
      opened.push({ store, dataDir });
      return store;
    },
    openTwice: null,
    async stop() {
      for (const { store, dataDir } of opened) {
        await store.close();
        removeDataDir(dataDir);
      }
    },
  };
}

export function postgresEngine(): Engine {
  const opened: Store[] = [];
  let server: PostgresServer;
  const node = async (url: string) => {
    const store = await openPostgresStore({ url });
    opened.push(store);
    return store;
  };
  return {
    name: 'PostgreSQL',
    async start() {
      // Each test opens nodes of its own, and none is closed before the end.
      server = await openPostgres({ settings: ['max_connections=400'] });
    },
    open: async () => node(await newDatabase(server)),
    async openTwice() {
      const url = await newDatabase(server);
      // At once: one of them brings the schema up to date, the other waits.
      return Promise.all([node(url), node(url)]);
    },
    async stop() {
      for (const store of opened) await store.close();
      await server.stop();
    },
  };
}

let databases = 0;

/** An empty database of the server; returns its URL. */
export async function newDatabase({ url }: PostgresServer): Promise<string> {
  const name = `posthorn_${++databases}`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  return url.replace(/\/postgres$/, `/${name}`);
}
