import {
  API_KEY,
  type Posthorn,
  runBareUndici,
  runLoad,
  startPosthorn,
  startReceiver,
} from './processes.ts';
import { sampleRecord } from './record.ts';

/** Webhooks, one per location, as a platform with several spaces has them. */
const WEBHOOKS = 16;

export interface AcceptToReceiptRow {
  readonly what: string;
  /** Events accepted, stored, sent, received, settled and logged, per second of the whole run. */
  readonly perSecond: number;
  readonly acceptedPerSecond: number;
  /** Seconds from the last answer to the last receipt: what had piled up. */
  readonly drainSeconds: number;
  readonly rssMb: number;
}

/**
 * Events per second from report to receipt on SQLite: fsync on, every attempt logged, load
 * generator and receiver on the same machine.
 */
export async function acceptToReceipt(
  seconds: number,
  warmUpSeconds: number,
): Promise<AcceptToReceiptRow[]> {
  const rows: AcceptToReceiptRow[] = [];
  const run = (what: string, connections: number, records: number) =>
    measure({ what, connections, records, seconds, warmUpSeconds });
  rows.push(await bareUndici(seconds));
  rows.push(await run('one per POST, 64 connections', 64, 1));
  rows.push(await run('one per POST, 256 connections', 256, 1));
  rows.push(await run('by 100, 8 connections', 8, 100));
  rows.push(await bareUndici(seconds));
  return rows;
}

interface Order {
  readonly what: string;
  readonly connections: number;
  /** Per request. */
  readonly records: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
}

async function measure(order: Order): Promise<AcceptToReceiptRow> {
  const { what, connections, records, seconds, warmUpSeconds } = order;
  const receiver = await startReceiver();
  const posthorn = await startPosthorn();
  try {
    await setUp(posthorn, receiver.port);
    const requests = Array.from({ length: WEBHOOKS }, (_, i) => request(i + 1, records));
    // While the code warms up nothing is counted.
    const loadOrder = { port: posthorn.port, connections, requests, perSecond: 0 };
    await runLoad({ ...loadOrder, seconds: warmUpSeconds });
    await settled(() => receiver.count());
    const before = await receiver.count();
    const started = performance.now();
    const load = await runLoad({ ...loadOrder, seconds });
    const loadEnded = performance.now();
    const rssMb = posthorn.rssMb();
    const accepted = load.answered * records;
    await until(async () => (await receiver.count()) - before >= accepted);
    const ended = performance.now();
    if (load.refused > 0) throw new Error(`${load.refused} requests were refused`);
    return {
      what,
      perSecond: Math.round(accepted / ((ended - started) / 1000)),
      acceptedPerSecond: Math.round(accepted / load.seconds),
      drainSeconds: (ended - loadEnded) / 1000,
      rssMb,
    };
  } finally {
    await posthorn.stop();
    await receiver.stop();
  }
}

async function setUp(posthorn: Posthorn, receiverPort: number): Promise<void> {
  await posthorn.call('PUT', '/v1/secrets/default', { secret: 'a shared secret' });
  for (let i = 1; i <= WEBHOOKS; i++) {
    await posthorn.call('POST', '/v1/webhooks', {
      name: `Bench ${i}`,
      actions: ['*'],
      location: i,
      url: `http://127.0.0.1:${receiverPort}/hook`,
    });
  }
}

function request(location: number, records: number): string {
  const body = Array.from({ length: records }, (_, i) => sampleRecord(i)).join('\n');
  return [
    `POST /v1/events/BookingCreate?location=${location} HTTP/1.1`,
    'host: 127.0.0.1',
    `authorization: Bearer ${API_KEY}`,
    `content-type: ${records === 1 ? 'application/json' : 'application/x-ndjson'}`,
    `content-length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}

async function bareUndici(seconds: number): Promise<AcceptToReceiptRow> {
  const receiver = await startReceiver();
  try {
    const { perSecond } = await runBareUndici(receiver.port, seconds);
    return {
      what: 'bare undici loop: no intake, no store, no log',
      perSecond,
      acceptedPerSecond: 0,
      drainSeconds: 0,
      rssMb: 0,
    };
  } finally {
    await receiver.stop();
  }
}

/** Waits until a count stands still. */
async function settled(count: () => Promise<number>): Promise<void> {
  let last = -1;
  await until(async () => {
    const now = await count();
    const still = now === last;
    last = now;
    return still;
  }, 200);
}

async function until(check: () => Promise<boolean>, everyMs = 5): Promise<void> {
  const end = performance.now() + 60_000;
  while (!(await check())) {
    if (performance.now() > end)
      throw new Error('what was accepted did not arrive within a minute');
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
