import { setTimeout as pause } from 'node:timers/promises';
import type { Bench, BenchContext } from '../bench.ts';
import { measure } from '../measure.ts';
import { startService } from '../service.ts';
import { inTurn } from '../turns.ts';

/** Past the moment, 2 s after the start, at which the service gives back what starting took. */
const IDLE_SECONDS = 5;

/** Resident memory of the service. */
export const memory: Bench = {
  name: 'memory',
  rows: () => [
    {
      name: 'memory-idle',
      what: `memory when idle, ${IDLE_SECONDS} s after the start`,
      unit: 'MB',
      target: { atMost: 120 },
    },
    {
      name: 'memory-64',
      what: 'memory at full rate, 64 connections, at most',
      unit: 'MB',
      target: { atMost: 300 },
    },
    {
      name: 'memory-256',
      what: 'memory at full rate, 256 connections, at most',
      unit: 'MB',
      target: { atMost: 300 },
    },
  ],
  async run(context) {
    const rounds = await inTurn(context, {
      idle: () => whenIdle(context),
      by64: () => measure(context, { adapter: 'posthorn', connections: 64 }),
      by256: () => measure(context, { adapter: 'posthorn', connections: 256 }),
    });
    return {
      'memory-idle': { samples: rounds.flatMap(({ idle }) => idle ?? []) },
      'memory-64': { samples: rounds.flatMap(({ by64 }) => by64?.maxRssMb ?? []) },
      'memory-256': { samples: rounds.flatMap(({ by256 }) => by256?.maxRssMb ?? []) },
    };
  },
};

async function whenIdle({ servers, record }: BenchContext): Promise<number> {
  const service = await startService(servers, { adapter: 'posthorn', urls: [] });
  try {
    await pause(IDLE_SECONDS * 1000);
    const rssMb = service.rssMb();
    record('idle', { rssMb });
    return rssMb;
  } finally {
    await service.stop();
  }
}
