import type { AdapterName } from './adapters.ts';
import type { BenchContext } from './bench.ts';
import { startReceiver } from './processes.ts';
import { startService } from './service.ts';
import { measureThroughput, type Throughput, WEBHOOKS } from './throughput.ts';

export interface MeasureOrder {
  readonly adapter: AdapterName;
  /** Calls at once of the load generator. */
  readonly connections: number;
  /** Records per call; default 1. */
  readonly records?: number;
  /** Processes of the service; default 1. */
  readonly nodes?: number;
  /** A folder with a store; default: a new one, so an empty store. */
  readonly dir?: string;
}

export interface Measured extends Throughput {
  /** From the start of the process to its line that it listens. */
  readonly startSeconds: number;
}

/** Starts a service and a receiver, measures the throughput, and ends both. */
export async function measure(
  { options, servers, record }: BenchContext,
  { adapter, connections, records = 1, nodes = 1, dir }: MeasureOrder,
): Promise<Measured> {
  const receiver = await startReceiver();
  try {
    const urls = Array.from({ length: WEBHOOKS }, () => receiver.url);
    const service = await startService(servers, { adapter, nodes, urls, ...(dir && { dir }) });
    try {
      const { seconds, warmUpSeconds } = options;
      const load = { connections, records, seconds, warmUpSeconds };
      const throughput = await measureThroughput(service, receiver, load);
      const measured = { ...throughput, startSeconds: service.startSeconds };
      record(adapter, { nodes, connections, records, dir: dir ?? null, ...measured });
      return measured;
    } finally {
      await service.stop();
    }
  } finally {
    await receiver.stop();
  }
}
