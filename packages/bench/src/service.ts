import { rmSync } from 'node:fs';
import type { Adapter, Address, Client, Need, Place } from './adapter.ts';
import { type AdapterName, loadAdapter } from './adapters.ts';
import { cpuSeconds, processesOf, rssMb, type Started, startUntil } from './processes.ts';
import type { Lent, Servers } from './servers.ts';

/** A service that runs, set up and empty unless it was given a folder with a store. */
export interface Service {
  readonly adapter: AdapterName;
  readonly address: Address;
  readonly client: Client;
  /** From the start of its first process to its line that it listens. */
  readonly startSeconds: number;
  /** Resident memory of its largest process in MB. */
  rssMb(): number;
  /** Processor time that its processes have used so far; not that of its database. */
  cpuSeconds(): number;
  readonly stop: () => Promise<void>;
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
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const one of stops.splice(0).toReversed()) await one();
  };
  try {
    const place = await findPlace(servers, adapter, order, stops);
    const { args, environment, ready } = adapter.start(place);
    const all = [...servers.nodeFlags, ...args];
    const nodes: Started[] = [];
    // One after the other: the first one makes the tables.
    for (let i = 0; i < (order.nodes ?? 1); i++) {
      const node = await startUntil(process.execPath, all, ready, environment);
      nodes.push(node);
      stops.push(node.stop);
    }
    const processes = nodes.flatMap(({ pid }) => processesOf(pid));
    const origins = nodes.flatMap(({ line }) => ready.exec(line)![1] ?? []);
    const address: Address = { ...place, origins, urls: order.urls };
    const client = await adapter.connect(address);
    stops.push(() => client.close());
    await client.setUp();
    return {
      adapter: order.adapter,
      address,
      client,
      startSeconds: nodes[0]!.seconds,
      rssMb: () => Math.max(...processes.map(rssMb)),
      cpuSeconds: () => processes.reduce((sum, pid) => sum + cpuSeconds(pid), 0),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function findPlace(
  servers: Servers,
  { needs }: Adapter,
  order: ServiceOrder,
  stops: (() => Promise<void>)[],
): Promise<Place> {
  const dir = order.dir ?? servers.dir();
  if (order.dir === undefined)
    stops.push(async () => rmSync(dir, { recursive: true, force: true }));
  const lent = async (need: Need, lend: () => Promise<Lent>) => {
    if (!needs.includes(need)) return null;
    const { url, stop } = await lend();
    stops.push(stop);
    return url;
  };
  return {
    dir,
    redisUrl: await lent('redis', servers.redis),
    postgresUrl: await lent('postgres', servers.database),
  };
}
