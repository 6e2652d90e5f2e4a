import { setTimeout as pause } from 'node:timers/promises';
import type { LoadOrder, LoadResult } from './load.ts';
import { type Receiver, runLoad } from './processes.ts';
import type { Service } from './service.ts';

/** Webhooks, one per location, as a platform with several spaces has them. */
export const WEBHOOKS = 16;

/** Nothing arrives and nothing is logged for so long: what is missing will not come. */
const STALLED_MS = 60_000;

export interface ThroughputOrder {
  /** Calls at once of the load generator. */
  readonly connections: number;
  /** Records per call. */
  readonly records: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
}

export interface Throughput {
  /** Records reported, kept, sent, received and logged, per second of the whole run. */
  readonly perSecond: number;
  readonly acceptedPerSecond: number;
  /** From the last answer to the last attempt logged: what had piled up. */
  readonly drainSeconds: number;
  /** The most that was seen from the beginning of the load until everything was logged. */
  readonly maxRssMb: number;
  /** Processor time of the service per record; says more than its speed on a machine in use. */
  readonly cpuUsPerRecord: number;
}

/** What goes from report to receipt and log per second while reports come as fast as they can. */
export async function measureThroughput(
  service: Service,
  receiver: Receiver,
  order: ThroughputOrder,
): Promise<Throughput> {
  const { connections, records, seconds } = order;
  const load: LoadOrder = {
    adapter: service.adapter,
    address: service.address,
    seconds,
    records,
    pace: { calls: connections },
    receiverPort: receiver.port,
  };
  await loadUntilReceived(receiver, { ...load, seconds: order.warmUpSeconds });
  const before = { received: await receiver.count(), logged: await service.client.count() };
  const memory = watchMemory(service);
  const cpuBefore = service.cpuSeconds();
  try {
    const result = await runLoad(load);
    const loadEnded = performance.now();
    requireNoRefusal(result);
    const arrived = async () =>
      Math.min(
        (await receiver.count()) - before.received,
        (await service.client.count()) - before.logged,
      );
    await allArrived(arrived, result.accepted);
    const drainSeconds = (performance.now() - loadEnded) / 1000;
    const wholeSeconds = (Number(process.hrtime.bigint()) / 1e6 - result.startedAtMs) / 1000;
    return {
      perSecond: Math.round(result.accepted / wholeSeconds),
      acceptedPerSecond: Math.round(result.accepted / result.seconds),
      drainSeconds,
      maxRssMb: memory.most(),
      cpuUsPerRecord: Math.round(((service.cpuSeconds() - cpuBefore) / result.accepted) * 1e6),
    };
  } finally {
    memory.stop();
  }
}

/** Runs a load, if it lasts at all, until the share of it that this receiver gets has arrived. */
export async function loadUntilReceived(
  receiver: Receiver,
  load: LoadOrder,
  share = 1,
): Promise<void> {
  if (load.seconds === 0) return;
  const before = await receiver.count();
  const result = await runLoad(load);
  requireNoRefusal(result);
  const wanted = Math.floor(result.accepted * share);
  await allArrived(async () => (await receiver.count()) - before, wanted);
}

async function allArrived(count: () => Promise<number>, wanted: number): Promise<void> {
  let last = -1;
  let movedAt = performance.now();
  for (;;) {
    const now = await count();
    if (now >= wanted) return;
    if (now !== last) movedAt = performance.now();
    else if (performance.now() - movedAt > STALLED_MS)
      throw new Error(`of ${wanted} records only ${now} arrived and are logged`);
    last = now;
    await pause(10);
  }
}

function requireNoRefusal({ refused, firstRefusal }: LoadResult): void {
  if (refused > 0) throw new Error(`${refused} calls were refused, first: ${firstRefusal}`);
}

/** Looks at the memory of a service four times a second; `most` is the most it saw, in MB. */
function watchMemory(service: Service): { most(): number; stop(): void } {
  let most = service.rssMb();
  const look = () => (most = Math.max(most, service.rssMb()));
  const timer = setInterval(look, 250);
  return { most: look, stop: () => clearInterval(timer) };
}
