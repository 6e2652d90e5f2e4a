import { fileURLToPath } from 'node:url';
import { makeWorkerUtils } from 'graphile-worker';
import { Pool } from 'pg';
import type { Adapter } from '../adapter.ts';
import { countAttempts } from './attempt-log.ts';
import type { Job } from './send.ts';

const SENDER = fileURLToPath(new URL('./graphile-worker-sender.ts', import.meta.url));
/** Connections that report at once, each in transactions of its own: their commits share syncs. */
const FEEDERS = 48;

export const graphileWorker: Adapter = {
  what: 'addJob per event, no HTTP intake; its worker in one process, with the batching that its documentation gives for speed: local queue of 500, completions in batches, 64 jobs at once',
  needs: ['postgres'],
  maxAhead: 5000,
  start: ({ postgresUrl }) => ({
    args: [SENDER, postgresUrl!],
    environment: {},
    ready: /ready/,
  }),
  async connect({ postgresUrl, urls }) {
    const utils = await makeWorkerUtils({ connectionString: postgresUrl!, maxPoolSize: FEEDERS });
    const pool = new Pool({ connectionString: postgresUrl!, max: 1 });
    const job = (record: Buffer, webhook: number): Job => ({
      url: urls[webhook]!,
      record: record.toString(),
    });
    return {
      async setUp() {},
      sendOne: async (record, webhook) => void (await utils.addJob('send', job(record, webhook))),
      sendMany: async (records, webhook) =>
        void (await utils.addJobs(
          records.map((record) => ({ identifier: 'send', payload: job(record, webhook) })),
        )),
      count: () => countAttempts(pool),
      async close() {
        await utils.release();
        await pool.end();
      },
    };
  },
};
