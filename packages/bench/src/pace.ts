import type { BenchContext } from './bench.ts';
import type { LoadOrder } from './load.ts';
import { startReceiver } from './processes.ts';
import { startService } from './service.ts';
import { percentile } from './statistics.ts';
import { WEBHOOKS, loadUntilReceived } from './throughput.ts';

const PER_SECOND = 1000;

/** From the report to its first byte at the receiver, in ms. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly samples: number;
}

/**
 * The latency on SQLite at 1,000 reports per second, which leaves time to spare. Every second
 * webhook has another receiver, which hangs if asked; the figures are those of the first receiver.
 */
export async function measureLatency(
  { options, servers, record }: BenchContext,
  { hangs }: { readonly hangs: boolean },
): Promise<Latency> {
  const receiver = await startReceiver();
  const other = await startReceiver({ hangs });
  const urls = Array.from({ length: WEBHOOKS }, (_, i) => (i % 2 ? other.url : receiver.url));
  const service = await startService(servers, { adapter: 'posthorn', urls });
  try {
    const load: LoadOrder = {
      adapter: service.adapter,
      address: service.address,
      // Twice as long as a throughput is measured: a p99 needs thousands of samples.
      seconds: 2 * options.seconds,
      records: 1,
      pace: { perSecond: PER_SECOND },
      receiverPort: receiver.port,
    };
    await loadUntilReceived(receiver, { ...load, seconds: options.warmUpSeconds }, 1 / 2);
    await receiver.latencies();
    await loadUntilReceived(receiver, load, 1 / 2);
    const latencies = await receiver.latencies();
    const latency = {
      p50: percentile(latencies, 0.5),
      p99: percentile(latencies, 0.99),
      max: percentile(latencies, 1),
      samples: latencies.length,
    };
    record(hangs ? 'every second receiver hangs' : 'all receivers answer', latency);
    return latency;
  } finally {
    await service.stop();
    await receiver.stop();
    await other.stop();
  }
}
