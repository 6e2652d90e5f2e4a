/**
 * The load generator, a process of its own: takes its order as JSON on standard input, makes the
 * calls of an adapter, and prints one line of JSON when it is done.
 */
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import type { Address } from './adapter.ts';
import { type AdapterName, loadAdapter } from './adapters.ts';
import { sampleRecord, stamped } from './record.ts';

export interface LoadOrder {
  readonly adapter: AdapterName;
  readonly address: Address;
  readonly seconds: number;
  /** Records per call. */
  readonly records: number;
  /**
   * How calls follow each other. `calls`: that many at once, each followed by the next. `perSecond`:
   * spread evenly over time whatever the answers do; the records carry the instant of their call.
   */
  readonly pace: { readonly calls: number } | { readonly perSecond: number };
  /** Whom to ask what has arrived, for adapters with a `maxAhead`. */
  readonly receiverPort: number;
}

export interface LoadResult {
  /** Records. */
  readonly accepted: number;
  /** Calls. */
  readonly refused: number;
  readonly firstRefusal: string | null;
  /** Of the monotonic clock, which all processes of a machine share. */
  readonly startedAtMs: number;
  readonly seconds: number;
}

const order = JSON.parse(await text(process.stdin)) as LoadOrder;
const { address, pace, records } = order;
const adapter = await loadAdapter(order.adapter);
const client = await adapter.connect(address);
const record = Buffer.from(sampleRecord(0));
const batch = Array.from({ length: records }, (_, i) => Buffer.from(sampleRecord(i)));
let calls = 0;
let accepted = 0;
let refused = 0;
let firstRefusal: string | null = null;

const ahead = await watchReceiver();
const started = performance.now();
const startedAtMs = Number(process.hrtime.bigint() / 1_000_000n);
const end = started + order.seconds * 1000;
await ('calls' in pace
  ? Promise.all(Array.from({ length: pace.calls }, loop))
  : openLoop(pace.perSecond));
const seconds = (performance.now() - started) / 1000;
ahead.stop();
await client.close();
const result: LoadResult = { accepted, refused, firstRefusal, startedAtMs, seconds };
process.stdout.write(`${JSON.stringify(result)}\n`);

async function loop(): Promise<void> {
  while (performance.now() < end) {
    if (ahead.isTooFar()) await ahead.changed();
    else await call(record);
  }
}

/** A look each millisecond at how many calls should have been made by now. */
function openLoop(perSecond: number): Promise<void> {
  return new Promise((resolve) => {
    const underWay = new Set<Promise<void>>();
    const timer = setInterval(() => {
      const now = Math.min(performance.now(), end);
      const wanted = Math.floor(((now - started) / 1000) * perSecond);
      while (calls < wanted) {
        const one = call(stamped(sampleRecord(calls))).finally(() => underWay.delete(one));
        underWay.add(one);
      }
      if (now < end) return;
      clearInterval(timer);
      void Promise.all(underWay).then(() => resolve());
    }, 1);
  });
}

async function call(one: Buffer): Promise<void> {
  const webhook = calls++ % address.urls.length;
  try {
    await (records === 1 ? client.sendOne(one, webhook) : client.sendMany(batch, webhook));
    accepted += records;
  } catch (error) {
    refused++;
    firstRefusal ??= String(error);
  }
}

/** Keeps a service that takes without limit from piling up what it cannot send. */
async function watchReceiver() {
  const { maxAhead } = adapter;
  if (maxAhead === null) return { isTooFar: () => false, changed: async () => {}, stop: () => {} };
  const received = async () =>
    Number(await (await fetch(`http://127.0.0.1:${order.receiverPort}/count`)).text());
  const before = await received();
  let waiting = 0;
  let isOver = false;
  void (async () => {
    while (!isOver) {
      waiting = accepted - ((await received()) - before);
      await pause(20);
    }
  })();
  return {
    isTooFar: () => waiting > maxAhead,
    changed: () => pause(5),
    stop: () => void (isOver = true),
  };
}
