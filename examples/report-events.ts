// A platform that reports: an event is either kept, or reported again until it is.
// POSTHORN_URL=http://127.0.0.1:4665 POSTHORN_API_KEY=… node examples/report-events.ts
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, PosthornError, type ReportedEvent } from '@posthorn/sdk';

const posthorn = createClient({
  url: process.env['POSTHORN_URL'] ?? 'http://127.0.0.1:4665',
  key: process.env['POSTHORN_API_KEY'] ?? '',
});

for (const [Id, ResourceName] of [
  [1, 'Room Oak'],
  [2, 'Room Birch'],
] as const) {
  const { id, deliveries } = await report(Id, ResourceName);
  console.log(`${id}: ${ResourceName}, to ${deliveries} webhooks`);
}

/** The key comes from what took place, so that even a restart in between makes no second event. */
async function report(Id: number, ResourceName: string): Promise<ReportedEvent> {
  for (let wait = 100; ; wait = Math.min(2 * wait, 30_000)) {
    try {
      const options = { location: 7, idempotencyKey: `booking-${Id}-created` };
      return await posthorn.events.report('BookingCreate', { Id, ResourceName }, options);
    } catch (error) {
      if (!(error instanceof PosthornError) || !isPassing(error)) throw error;
      console.error(`${error.message} Again in ${error.retryAfterMs ?? wait} ms.`);
      await sleep(error.retryAfterMs ?? wait);
    }
  }
}

/** Not reached, too busy, or a mistake of the service: with the same key it is safe to try again. */
function isPassing({ code, status }: PosthornError): boolean {
  return code === 'unreachable' || (status !== null && status >= 500);
}
