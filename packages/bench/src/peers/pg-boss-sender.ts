/** `node pg-boss-sender.ts POSTGRES_URL QUEUE`: pg-boss workers that send webhooks. */
import { PgBoss } from 'pg-boss';
import { createAttemptLog } from './attempt-log.ts';
import { type Job, openSender } from './send.ts';

const [postgresUrl, queue] = process.argv.slice(2) as [string, string];
await createAttemptLog(postgresUrl);
const sender = openSender(postgresUrl);
const boss = new PgBoss({ connectionString: postgresUrl, max: 10, useListenNotify: true });
boss.on('error', (error) => process.stderr.write(`${error}\n`));
await boss.start();
await boss.createQueue(queue, { notify: true });
await boss.work<Job>(
  queue,
  { batchSize: 100, localConcurrency: 4, pollingIntervalSeconds: 0.5, burstWhenBatchFull: true },
  async (jobs) => {
    await Promise.all(jobs.map(({ id, data }) => sender.send(`msg_${id}`, data)));
  },
);
process.stdout.write('ready\n');
process.on('SIGTERM', () => process.exit(0));
