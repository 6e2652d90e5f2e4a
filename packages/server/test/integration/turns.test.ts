import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { AttemptReport, Outcome } from '../../src/attempt/outcome.ts';
import { LANE_CAPACITY } from '../../src/lanes/lane.ts';
import { createLanes, type Lanes } from '../../src/lanes/lanes.ts';
import { createSettler, type Settler } from '../../src/settle/settler.ts';
import { OPEN_AFTER } from '../../src/store/operations/hot.ts';
import type { Store } from '../../src/store/store.ts';
import { eventually } from '../eventually.ts';
import { sampleRequest, sampleWebhook } from '../samples.ts';
import { postgresEngine } from '../stores.ts';

/** Two nodes: one has lanes, the other says how the receiver fares by the calls that it made. */
const engine = postgresEngine();
const log = pino({ level: 'silent' });
const HOUR = 3_600_000;

let other: Store;
let otherSession: number;
let lanes: Lanes;
let settler: Settler;
let webhook: number;
let accept: () => Promise<string>;
/** Calls under way, by the id of their delivery. */
let calls: Map<string, (outcome: Outcome) => void>;
/** Which answers of the store are held back, and until when. */
let holding: Partial<Record<'getSendingWebhook' | 'settleAttempts', Promise<void>>>;
/** Times that the webhook was read. */
let reads: number;

beforeAll(() => engine.start());
afterAll(() => engine.stop());
beforeEach(async () => {
  let store: Store;
  [store, other] = await engine.openTwice!();
  const { session: id } = await store.startSession({ aliveMs: HOUR });
  ({ session: otherSession } = await other.startSession({ aliveMs: HOUR }));
  ({ id: webhook } = await store.createWebhook(sampleWebhook()));
  calls = new Map();
  holding = {};
  reads = 0;
  const held: Store = {
    ...store,
    async getSendingWebhook(input) {
      const read = await store.getSendingWebhook(input);
      await holding.getSendingWebhook;
      reads++;
      return read;
    },
    async settleAttempts(batch) {
      await holding.settleAttempts;
      return store.settleAttempts(batch);
    },
  };
  const session = { id, isHeld: true };
  settler = createSettler({ store: held, session, log, onWritten() {}, onDisabled() {} });
  lanes = createLanes({
    store: held,
    session,
    settler,
    log,
    clock: Date,
    random: () => 0,
    caller: {
      call: ({ deliveryId, url }) =>
        new Promise((resolve) => {
          calls.set(deliveryId, (outcome) => resolve(reportOf(url, outcome)));
        }),
    },
    ids: store.ids,
    actionName: () => 'BookingCreate',
    secretsFor: () => [],
    policy: { schedule: [HOUR, HOUR], disableAfter: 0 },
    laneConcurrency: 10,
    peers: { nodes: 2, older: 0 },
    maxCalls: 100,
  });
  accept = async () => {
    const record = Buffer.from('{}');
    const { requests, leased, woken } = await store.acceptEvents({
      requests: [sampleRequest()],
      records: new Uint8Array(record),
      session: id,
      fullRoom: LANE_CAPACITY,
      rooms: lanes.rooms(),
    });
    lanes.take(id, leased, () => ({ action: 6, isTest: false, record }))();
    lanes.wakeForNew(woken);
    const [accepted] = requests;
    if (accepted?.kind !== 'accepted') throw new Error('not accepted');
    return store.ids.delivery(accepted.events[0]![0] + 1);
  };
});
afterEach(async () => {
  for (const finish of calls.values()) finish(SUCCESS);
  await lanes.stop();
  await settler.stop();
});

it('opens a lane that another node opened while a call of ours was not written down', async () => {
  const written = hold('settleAttempts');
  await end(await accept(), FAILURE);
  await failedElsewhere();
  await refreshed();
  written();
  await eventually(() => {
    expect(lanes.rooms().get(webhook)).toBe(0);
    return true;
  });
});

it('does not open a lane again by what the store said before our call closed it', async () => {
  await end(await accept(), FAILURE);
  await eventually(() => lanes.occupied === 0);
  await failedElsewhere();
  await refreshed();
  // The probe is the one that comes now: what failed waits for an hour.
  const probe = await accept();
  await eventually(() => calls.has(probe));
  const answered = hold('getSendingWebhook');
  lanes.refresh(webhook);
  await end(probe, SUCCESS);
  await eventually(() => lanes.occupied === 0);
  const before = reads;
  answered();
  await eventually(() => reads > before);

  const next = await accept();
  expect(await eventually(() => calls.has(next))).toBe(true);
});

/** Holds the answers to an operation back until the function that it returns is called. */
function hold(operation: keyof typeof holding): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  holding[operation] = promise;
  return resolve;
}

/** The call of a delivery ends so, once it is made. */
async function end(delivery: string, outcome: Outcome): Promise<void> {
  const finish = await eventually(() => calls.get(delivery));
  finish(outcome);
}

/** The other node made so many calls to the receiver in vain that its lane opens. */
async function failedElsewhere(): Promise<void> {
  const change = {
    webhook,
    succeeded: false,
    failures: OPEN_AFTER,
    lastError: 'It answered 500.',
    lastTriggerAt: null,
    failedAt: Date.now(),
    pausedUntil: null,
  };
  await other.settleAttempts({ session: otherSession, items: [], health: [change], disable: [] });
}

/** This node has read the webhook again. */
async function refreshed(): Promise<void> {
  const before = reads;
  lanes.refresh(webhook);
  await eventually(() => reads > before);
}

const SUCCESS: Outcome = { kind: 'success', status: 200, bodyError: null };
const FAILURE: Outcome = {
  kind: 'failure',
  code: 'status',
  detail: 'It answered 500.',
  status: 500,
  retryAfter: null,
};

function reportOf(url: string, outcome: Outcome): AttemptReport {
  return {
    startedAt: Date.now(),
    url,
    requestHeaders: [],
    response: null,
    timings: { dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: null, totalMs: 1 },
    outcome,
  };
}
