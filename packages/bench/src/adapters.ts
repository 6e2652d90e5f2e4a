import type { Adapter } from './adapter.ts';

/** Every service that can be measured. To add one, write its adapter and name it here. */
const ADAPTERS = {
  posthorn: async () => (await import('./posthorn.ts')).posthorn,
  'posthorn-postgres': async () => (await import('./posthorn.ts')).posthornOnPostgres,
  'posthorn-2-workers': async () => (await import('./posthorn.ts')).posthornByTwoWorkers,
  bullmq: async () => (await import('./peers/bullmq.ts')).bullmq,
  'pg-boss': async () => (await import('./peers/pg-boss.ts')).pgBoss,
  'graphile-worker': async () => (await import('./peers/graphile-worker.ts')).graphileWorker,
} satisfies Record<string, () => Promise<Adapter>>;

export type AdapterName = keyof typeof ADAPTERS;

/** Loaded when it is used: the load generator needs one of them, not the libraries of all. */
export function loadAdapter(name: AdapterName): Promise<Adapter> {
  return ADAPTERS[name]();
}
