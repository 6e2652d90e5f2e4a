import type { Address, Client, Place } from './adapter.ts';
import { type AdapterName, loadAdapter } from './adapters.ts';
import { rssMb, type Started, startUntil } from './processes.ts';
import type { Servers } from './servers.ts';

/** A service that runs, set up and empty unless it was given a folder with a store. */
export interface Service {
  readonly adapter: AdapterName;
  readonly address: Address;
  readonly client: Client;
  /** From the start of its first process to its line that it listens. */
  readonly startSeconds: number;
  /** Resident memory of its largest process in MB. */
  rssMb(): number;
  stop(): Promise<void>;
}

export interface ServiceOrder {
  readonly adapter: AdapterName;
  readonly urls: readonly string[];
  /** Processes of it, on one database; default 1. */
  readonly nodes?: number;
  /** A folder with a store; default: a new one. */
  readonly dir?: string;
}

export async function startService(servers: Servers, order: ServiceOrder): Promise<Service> {
  const adapter = await loadAdapter(order.adapter);
  const redis = adapter.needs.includes('redis') ? await servers.redis() : null;
  const place: Place = {
    dir: order.dir ?? servers.dir(),
    postgresUrl: adapter.needs.includes('postgres') ? await servers.database() : null,
    redisUrl: redis?.url ?? null,
  };
  const { args, environment, ready } = adapter.start(place);
  const nodes: Started[] = [];
  // One after the other: the first one makes the tables.
  for (let i = 0; i < (order.nodes ?? 1); i++)
    nodes.push(await startUntil(process.execPath, args, ready, environment));
  const origins = nodes.flatMap(({ line }) => ready.exec(line)![1] ?? []);
  const address: Address = { ...place, origins, urls: order.urls };
  const client = await adapter.connect(address);
  await client.setUp();

  return {
    adapter: order.adapter,
    address,
    client,
    startSeconds: nodes[0]!.seconds,
    rssMb: () => Math.max(...nodes.map(({ pid }) => rssMb(pid))),
    async stop() {
      await client.close();
      await Promise.all(nodes.map((node) => node.stop()));
      await redis?.stop();
    },
  };
}
