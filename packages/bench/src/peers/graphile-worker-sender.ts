/** `node graphile-worker-sender.ts POSTGRES_URL`: a graphile-worker that sends webhooks. */
import { Logger, run } from 'graphile-worker';
import { createAttemptLog } from './attempt-log.ts';
import { type Job, openSender } from './send.ts';

/** Its documentation measures with 24; calls wait for a receiver, so more of them run at once. */
const CONCURRENT_JOBS = 64;

const [postgresUrl] = process.argv.slice(2) as [string];
await createAttemptLog(postgresUrl);
const sender = openSender(postgresUrl);
await run({
  preset: {
    worker: {
      connectionString: postgresUrl,
      concurrentJobs: CONCURRENT_JOBS,
      // The local queue fetches for all of them, and completions go in batches.
      maxPoolSize: 10,
      // As https://worker.graphile.org/docs/performance recommends for many short jobs.
      localQueue: { size: 500 },
      completeJobBatchDelay: 0,
      failJobBatchDelay: 0,
      logger: new Logger(() => () => {}),
    },
  },
  taskList: {
    send: (payload, { job }) => sender.send(`msg_${job.id}`, payload as Job),
  },
});
process.stdout.write('ready\n');
process.on('SIGTERM', () => process.exit(0));
