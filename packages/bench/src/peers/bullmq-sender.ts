/** `node bullmq-sender.ts REDIS_URL QUEUE POSTGRES_URL`: a BullMQ worker that sends webhooks. */
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { createAttemptLog } from './attempt-log.ts';
import { type Job, openSender } from './send.ts';

const [redisUrl, queue, postgresUrl] = process.argv.slice(2) as [string, string, string];
await createAttemptLog(postgresUrl);
const sender = openSender(postgresUrl);
const worker = new Worker<Job>(queue, ({ id, data }) => sender.send(`msg_${id}`, data), {
  connection: new Redis(redisUrl, { maxRetriesPerRequest: null }),
  // Its documentation wants many at once for work that waits; these wait for calls and for the log.
  concurrency: 200,
});
worker.on('error', (error) => process.stderr.write(`${error}\n`));
await worker.waitUntilReady();
process.stdout.write('ready\n');
process.on('SIGTERM', () => process.exit(0));
