import { afterEach, expect, it } from 'vitest';
import type { Failpoint } from '../../src/telemetry/failpoint.ts';
import { type ApiAnswer, newDataDir, removeDataDir, startServer, type Started } from '../start.ts';
import { openReceivers, type Receivers } from './receivers.ts';
import { readRemains } from './remains.ts';
import { furnish, SCHEDULE } from './space.ts';
import { listDeliveries, listEvents, waitForEnds } from './visible.ts';

let dataDir: string;
let receivers: Receivers;
let server: Started | undefined;
afterEach(async () => {
  await server?.kill();
  receivers.close();
  removeDataDir(dataDir);
});

/** Two webhooks that want every booking, so that each event has two deliveries. */
const BOTH = ['left', 'right'].map((name) => ({ name, actions: ['BookingCreate'] }));

interface Case {
  readonly point: Failpoint;
  readonly isKept: boolean;
  /** Whether the caller heard of it; `maybe` where the call and the answer race. */
  readonly isAnswered: boolean | 'maybe';
  /** Whether a call was made before the process died, and so is made again. */
  readonly isCalledBefore: boolean;
}

const CASES: readonly Case[] = [
  { point: 'accept:before-commit', isKept: false, isAnswered: false, isCalledBefore: false },
  { point: 'accept:after-commit', isKept: true, isAnswered: false, isCalledBefore: false },
  { point: 'accept:before-answer', isKept: true, isAnswered: false, isCalledBefore: false },
  { point: 'attempt:before-call', isKept: true, isAnswered: 'maybe', isCalledBefore: false },
  { point: 'attempt:after-call', isKept: true, isAnswered: 'maybe', isCalledBefore: true },
  { point: 'settle:before-commit', isKept: true, isAnswered: 'maybe', isCalledBefore: true },
];

it.each(CASES)(
  'killed at $point: one event is kept: $isKept, called again: $isCalledBefore',
  async ({ point, isKept, isAnswered, isCalledBefore }) => {
    await open(BOTH.slice(0, 1), point);
    const answer = await reportUntilDeath('application/json', record('one'));
    if (isAnswered !== 'maybe') expect(answer?.status).toBe(isAnswered ? 202 : undefined);
    expect(receivers.receipts).toHaveLength(isCalledBefore ? 1 : 0);

    server = await start();
    const deliveries = await waitForEnds(server);
    expect(await listEvents(server)).toHaveLength(isKept ? 1 : 0);
    expect(deliveries).toMatchObject(isKept ? [{ state: 'delivered', attempts: 1 }] : []);
    expect(receivers.receipts).toHaveLength(isKept ? (isCalledBefore ? 2 : 1) : 0);

    // The platform, which does not know, reports again with its key: there is one event.
    const again = await report(server, 'application/json', record('one'));
    expect(again.status).toBe(202);
    expect(again.headers.get('idempotency-replayed')).toBe(isKept ? 'true' : null);
    const [event] = await listEvents(server);
    expect((again.json as { events: unknown[] }).events).toEqual([
      { id: event!.id, deliveries: 1 },
    ]);
    const [delivery, ...others] = await waitForEnds(server);
    expect(delivery).toMatchObject({ event: event!.id, state: 'delivered', attempts: 1 });
    expect(others).toEqual([]);
    expect(receivers.receipts).toHaveLength(isCalledBefore ? 2 : 1);
    for (const receipt of receivers.receipts) {
      expect(receipt).toMatchObject({ webhookId: delivery!.id, attempt: 1, isSigned: true });
    }
  },
);

it('killed at settle:after-commit: nothing is called again', async () => {
  await open(BOTH.slice(0, 1), 'settle:after-commit');
  await reportUntilDeath('application/json', record('one'));
  server = await start();
  expect(await listDeliveries(server)).toMatchObject([{ state: 'delivered', attempts: 1 }]);
  // What is reported now is sent behind all that the start found due.
  expect((await report(server, 'application/json', record('two'), 'key-2')).status).toBe(202);
  await waitForEnds(server);
  expect(receivers.receipts.map(({ record: id }) => id)).toEqual(['one', 'two']);
});

const BATCH = Array.from({ length: 40 }, (_, i) => record(`r${i}`)).join('\n');

it.each<readonly [Failpoint, number, number]>([
  ['accept:before-commit', 1, 0],
  ['accept:after-commit', 1, 80],
  ['accept:before-answer', 1, 80],
  ['attempt:before-call', 25, 80],
  ['attempt:after-call', 25, 80],
  ['settle:before-commit', 2, 80],
  ['settle:after-commit', 2, 80],
])('killed at %s, time %i, with a batch: keeps %i deliveries', async (point, time, kept) => {
  await open(BOTH, `${point}:${time}`);
  await reportUntilDeath('application/x-ndjson', BATCH);
  const { unsettled, unleased } = await readRemains(dataDir, receivers.receipts);
  expect(unleased).toEqual([]);

  server = await start();
  const deliveries = await waitForEnds(server);
  expect(deliveries).toHaveLength(kept);
  for (const delivery of deliveries) {
    expect(delivery).toMatchObject({ state: 'delivered', attempts: 1 });
  }
  const received = receivers.receipts.map(({ webhookId }) => webhookId);
  expect(new Set(received)).toEqual(new Set(deliveries.map(({ id }) => id)));
  // Twice arrives what was called and not yet written down, and nothing else.
  const twice = received.filter((id, i) => received.indexOf(id) !== i);
  expect(twice.toSorted()).toEqual(unsettled.map(({ webhookId }) => webhookId).toSorted());
});

/** Starts the process that will die, with its webhooks; what these need passes no failpoint. */
async function open(subscriptions: typeof BOTH, failpoint: string): Promise<void> {
  dataDir = newDataDir();
  receivers = await openReceivers(subscriptions);
  server = await start(failpoint);
  await furnish(server, subscriptions, receivers.urlOf);
}

function start(failpoint?: string): Promise<Started> {
  const env = { POSTHORN_RETRY_SCHEDULE: SCHEDULE, POSTHORN_FAILPOINT: failpoint };
  return startServer({ dataDir, env });
}

/** Undefined if the process died before it answered. */
async function reportUntilDeath(type: string, body: string): Promise<ApiAnswer | undefined> {
  const answer = await report(server!, type, body).catch(() => undefined);
  expect(await server!.ended).toBe('SIGKILL');
  await receivers.waitForSilence();
  return answer;
}

function report(to: Started, type: string, body: string, key = 'key'): Promise<ApiAnswer> {
  const headers = { 'content-type': type, 'idempotency-key': key };
  return to.api('POST', '/v1/events/BookingCreate', body, headers);
}

function record(id: string): string {
  return `{"UniqueId":"${id}","Fails":0}`;
}
