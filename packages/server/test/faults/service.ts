import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openPostgres, type PostgresInput, type PostgresServer } from '@posthorn/testkit/postgres';
import { startServer, type Started } from '../start.ts';

export type EngineName = 'SQLite' | 'PostgreSQL';

export interface ServiceInput {
  readonly engine: EngineName;
  /** A folder for everything that it writes. */
  readonly dir: string;
  /** Where nodes have their files, the SQLite store among them, if not in `dir`: a disk of its own. */
  readonly dataDir?: string;
  /** How PostgreSQL is opened. */
  readonly postgres?: PostgresInput;
  /** How many nodes on PostgreSQL, 3 by default. SQLite has one. */
  readonly nodes?: number;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Where nodes find the database, if not at the server itself: for what is put between them. */
  readonly databaseUrl?: (server: PostgresServer) => string | Promise<string>;
}

/** The service under test: one node on SQLite, several on one PostgreSQL. */
export interface Service {
  readonly engine: EngineName;
  /** All nodes, alive or not; the first is there on both engines. */
  readonly nodes: readonly Node[];
  /** Where each node listens, or listened last. */
  readonly urls: readonly string[];
  /** Null on SQLite. */
  readonly postgres: PostgresServer | null;
  /** Where nodes find it. */
  readonly databaseUrl: string | null;
  /** A node that lives and is not frozen. */
  readonly living: Started;
  /** Of nodes that ended although nobody killed or stopped them: how, and what they said last. */
  readonly crashes: readonly string[];
  /** The folder of the SQLite store, and of each node's other files. */
  readonly dataDir: string;
  close(): Promise<void>;
}

/** One node through its lives. */
export interface Node {
  readonly isAlive: boolean;
  /** Null: dead. */
  readonly process: Started | null;
  /** Starts it, with what is added to the environment of this life. */
  start(env?: Readonly<Record<string, string | undefined>>): Promise<void>;
  /** SIGTERM: resolves when it has ended with 0, and rejects otherwise. */
  stop(): Promise<void>;
  /** SIGKILL: resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGSTOP; the function it returns lets it go on. */
  freeze(): () => void;
}

/** A start takes half a second on a quiet machine; with all nodes under load much longer. */
const START_DEADLINE_MS = 60_000;

export async function openService(input: ServiceInput): Promise<Service> {
  const { engine, dir, dataDir = dir } = input;
  const postgres = engine === 'PostgreSQL' ? await openPostgres(input.postgres) : null;
  const databaseUrl = postgres && ((await input.databaseUrl?.(postgres)) ?? postgres.url);
  const shared: Record<string, string | undefined> = {
    // Ten re-attempts that fit into a test.
    POSTHORN_RETRY_SCHEDULE: '100ms,300ms,1s,2s,3s,3s,3s,3s,3s,3s',
    POSTHORN_DISABLE_AFTER: '0',
    ...(databaseUrl !== null && {
      POSTHORN_DATABASE_URL: databaseUrl,
      POSTHORN_SECRET_KEY: 'cd'.repeat(32),
    }),
    ...input.env,
  };
  const count = postgres ? (input.nodes ?? 3) : 1;
  const crashes: string[] = [];
  const nodes = Array.from({ length: count }, (_, i) =>
    nodeIn({ dataDir: join(dataDir, `node-${i + 1}`), shared, crashes }),
  );
  const close = async () => {
    for (const node of nodes) await node.kill();
    await postgres?.stop();
  };

  try {
    // One after the other: the first makes the schema.
    for (const node of nodes) await node.start();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    engine,
    nodes,
    postgres,
    databaseUrl,
    crashes,
    get urls() {
      return nodes.map((node) => node.url);
    },
    get living() {
      const node = nodes.find((one) => one.isAlive)?.process;
      if (!node) throw new Error('no node is alive');
      return node;
    },
    dataDir: join(dataDir, 'node-1'),
    close,
  };
}

interface NodeInput {
  readonly dataDir: string;
  readonly shared: Readonly<Record<string, string | undefined>>;
  readonly crashes: string[];
}

function nodeIn({ dataDir, shared, crashes }: NodeInput): Node & { readonly url: string } {
  mkdirSync(dataDir, { recursive: true });
  let process: Started | null = null;
  let isFrozen = false;
  let url = '';

  return {
    get url() {
      return url;
    },
    get process() {
      return process;
    },
    get isAlive() {
      return process !== null && !isFrozen;
    },
    async start(env) {
      const started = await startServer({
        dataDir,
        env: { ...shared, ...env },
        deadlineMs: START_DEADLINE_MS,
      });
      process = started;
      ({ url } = started);
      // A failpoint, or a fault of its own, ends it as well.
      void started.ended.then((how) => {
        if (process === started) process = null;
        if (how !== 0 && how !== 'SIGKILL')
          crashes.push(`a node ended with ${how}: ${started.output().slice(-2000)}`);
      });
    },
    async stop() {
      await process?.stop();
    },
    async kill() {
      isFrozen = false;
      await process?.kill();
    },
    freeze() {
      const frozen = process!;
      isFrozen = true;
      globalThis.process.kill(frozen.pid, 'SIGSTOP');
      return () => {
        isFrozen = false;
        globalThis.process.kill(frozen.pid, 'SIGCONT');
      };
    },
  };
}
