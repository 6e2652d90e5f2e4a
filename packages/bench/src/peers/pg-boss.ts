import { fileURLToPath } from 'node:url';
import { Pool } from 'pg';
import { PgBoss } from 'pg-boss';
import type { Adapter } from '../adapter.ts';
import { countAttempts } from './attempt-log.ts';
import type { Job } from './send.ts';

const SENDER = fileURLToPath(new URL('./pg-boss-sender.ts', import.meta.url));
const QUEUE = 'webhooks';
/** Connections that report at once, each in transactions of its own: their commits share syncs. */
const FEEDERS = 48;

export const pgBoss: Adapter = {
  what: 'boss.send per event, no HTTP intake; its workers in one process: 4 with batches of 100, fetched in a burst while full, woken by NOTIFY',
  needs: ['postgres'],
  maxAhead: 5000,
  start: ({ postgresUrl }) => ({
    args: [SENDER, postgresUrl!, QUEUE],
    environment: {},
    ready: /ready/,
  }),
  async connect({ postgresUrl, urls }) {
    const boss = new PgBoss({
      connectionString: postgresUrl!,
      max: FEEDERS,
      supervise: false,
      schedule: false,
    });
    boss.on('error', (error) => process.stderr.write(`${error}\n`));
    await boss.start();
    const pool = new Pool({ connectionString: postgresUrl!, max: 1 });
    const job = (record: Buffer, webhook: number): Job => ({
      url: urls[webhook]!,
      record: record.toString(),
    });
    return {
      async setUp() {},
      sendOne: async (record, webhook) => void (await boss.send(QUEUE, job(record, webhook))),
      sendMany: async (records, webhook) =>
        void (await boss.insert(
          QUEUE,
          records.map((record) => ({ data: job(record, webhook) })),
        )),
      count: () => countAttempts(pool),
      async close() {
        await boss.stop({ graceful: false });
        await pool.end();
      },
    };
  },
};
