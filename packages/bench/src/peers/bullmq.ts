import { fileURLToPath } from 'node:url';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import type { Adapter } from '../adapter.ts';
import { countAttempts } from './attempt-log.ts';
import type { Job } from './send.ts';

const SENDER = fileURLToPath(new URL('./bullmq-sender.ts', import.meta.url));
const QUEUE = 'webhooks';

export const bullmq: Adapter = {
  what: 'queue.add per event, no HTTP intake; Redis that syncs each second; its worker in one process, concurrency 200; log in PostgreSQL; no event kept',
  needs: ['redis', 'postgres'],
  maxAhead: 5000,
  start: ({ redisUrl, postgresUrl }) => ({
    args: [SENDER, redisUrl!, QUEUE, postgresUrl!],
    environment: {},
    ready: /ready/,
  }),
  async connect({ redisUrl, postgresUrl, urls }) {
    const redis = new Redis(redisUrl!);
    const queue = new Queue(QUEUE, { connection: redis });
    const pool = new Pool({ connectionString: postgresUrl!, max: 1 });
    const job = (record: Buffer, webhook: number): Job => ({
      url: urls[webhook]!,
      record: record.toString(),
    });
    // The log keeps what took place, so the queue need not: the least work for Redis.
    const opts = { removeOnComplete: true, removeOnFail: true };
    return {
      async setUp() {
        await queue.waitUntilReady();
      },
      sendOne: async (record, webhook) =>
        void (await queue.add('send', job(record, webhook), opts)),
      sendMany: async (records, webhook) =>
        void (await queue.addBulk(
          records.map((record) => ({ name: 'send', data: job(record, webhook), opts })),
        )),
      count: () => countAttempts(pool),
      async close() {
        await queue.close();
        await redis.quit();
        await pool.end();
      },
    };
  },
};
