import { setTimeout as pause } from 'node:timers/promises';
import type { Failpoint } from '../../src/telemetry/failpoint.ts';
import { newDataDir, removeDataDir, runToEnd, startServer, type Started } from '../start.ts';
import { compare, type Comparison } from './compare.ts';
import { createProducer } from './producer.ts';
import { randomFrom } from './random.ts';
import { openReceivers, type Receivers } from './receivers.ts';
import { checkIntegrity, readRemains, type Remains } from './remains.ts';
import { furnish, SCHEDULE, SUBSCRIPTIONS } from './space.ts';
import { listEvents, waitForEnds } from './visible.ts';

/** The moments of an event's life at which a process can be told to die. */
export const NAMED_POINTS = [
  'accept:before-commit',
  'accept:after-commit',
  'accept:before-answer',
  'attempt:before-call',
  'attempt:after-call',
  'settle:before-commit',
  'settle:after-commit',
] as const satisfies readonly Failpoint[];

/** How a life of the process ends. */
export type End = 'random' | 'start' | Failpoint;

export interface RunInput {
  readonly seed: number;
  /** One entry per life that is killed, in this order. */
  readonly ends: readonly End[];
}

export interface RunReport extends Comparison {
  readonly kills: { readonly random: number; readonly named: number; readonly start: number };
  readonly deliveries: number;
  readonly receipts: number;
  /** Calls begun and not written down, at all kills. */
  readonly inFlight: number;
  /** Of one lane, at the kill that had most of them. */
  readonly mostInFlightOfLane: number;
  /** From a death to the first call that a receiver gets afterwards. */
  readonly longestGapMs: number;
  /** From the start of the process to its first answer, at worst. */
  readonly longestStartMs: number;
}

/** Longest life under load before a random kill, and before a failpoint that is not met. */
const MAX_LIFE_MS = 500;
const MAX_FAILPOINT_LIFE_MS = 2_000;
/** Longest life of a process that is killed while it starts; a start takes about as long. */
const MAX_START_MS = 400;

/** Kills the process again and again under load, then lets it finish and compares the ledgers. */
export async function runKills({ seed, ends }: RunInput): Promise<RunReport> {
  const random = randomFrom(seed);
  const dataDir = newDataDir();
  const receivers = await openReceivers(SUBSCRIPTIONS);
  const producer = createProducer(random);
  const deaths: number[] = [];
  const remains: Remains[] = [];
  let longestStartMs = 0;
  let server: Started | undefined;

  try {
    server = await start();
    const webhooks = await furnish(server, SUBSCRIPTIONS, receivers.urlOf);
    await server.stop();

    for (const end of ends) {
      receivers.life++;
      await (end === 'start' ? dieAtStart() : dieUnderLoad(end));
      deaths.push(performance.now());
      await receivers.waitForSilence();
      const life = receivers.receipts.filter((receipt) => receipt.life === receivers.life);
      remains.push(await readRemains(dataDir, life));
    }

    receivers.life++;
    server = await start();
    await producer.repeatUnknown(server.url);
    const deliveries = await waitForEnds(server);
    const events = await listEvents(server);
    await server.stop();

    const { receipts } = receivers;
    const unsettled = remains.flatMap((each) => each.unsettled);
    const ledgers = { sent: producer.ledger, receipts, events, deliveries, unsettled, webhooks };
    const comparison = compare(ledgers);
    const integrity = await checkIntegrity(dataDir);
    return {
      ...comparison,
      violations: [
        ...comparison.violations,
        ...remains.flatMap((each) =>
          each.unleased.map(({ webhookId }) => `${webhookId} was called without a lease`),
        ),
        ...(integrity === 'ok' ? [] : [`the store is damaged: ${integrity}`]),
      ],
      kills: countOf(ends),
      deliveries: deliveries.length,
      receipts: receipts.length,
      inFlight: unsettled.length,
      mostInFlightOfLane: Math.max(0, ...remains.map(mostOfLane)),
      longestGapMs: longestGap(deaths, receivers),
      longestStartMs,
    };
  } finally {
    await server?.kill();
    receivers.close();
    removeDataDir(dataDir);
  }

  async function start(failpoint?: string): Promise<Started> {
    const startedAt = performance.now();
    const started = await startServer({
      dataDir,
      env: { POSTHORN_RETRY_SCHEDULE: SCHEDULE, POSTHORN_FAILPOINT: failpoint },
    });
    longestStartMs = Math.max(longestStartMs, performance.now() - startedAt);
    return started;
  }

  async function dieUnderLoad(end: Exclude<End, 'start'>): Promise<void> {
    const isRandom = end === 'random';
    server = await start(isRandom ? undefined : `${end}:${random.between(1, 60)}`).catch(
      (error: unknown) => {
        if (isRandom) throw error;
        // Met with what an earlier life left due, before we have read that it listens.
        return undefined;
      },
    );
    if (!server) return;
    const load = producer.run(server.url);
    const timer = AbortSignal.timeout(
      isRandom ? random.between(0, MAX_LIFE_MS) : MAX_FAILPOINT_LIFE_MS,
    );
    await Promise.race([server.ended, pause(1e6, undefined, { signal: timer }).catch(() => {})]);
    await server.kill();
    await load.stop();
  }

  async function dieAtStart(): Promise<void> {
    await runToEnd({ dataDir, deadlineMs: random.between(0, MAX_START_MS) });
  }
}

function countOf(ends: readonly End[]): RunReport['kills'] {
  const random = ends.filter((end) => end === 'random').length;
  const start = ends.filter((end) => end === 'start').length;
  return { random, start, named: ends.length - random - start };
}

function mostOfLane({ unsettled }: Remains): number {
  const lanes = Map.groupBy(unsettled, (receipt) => receipt.receiver);
  return Math.max(0, ...Array.from(lanes.values(), (lane) => lane.length));
}

/** A death while the process starts prolongs the gap that the one before it began. */
function longestGap(deaths: readonly number[], { receipts }: Receivers): number {
  const gaps = deaths.map((death) => {
    const next = receipts.find((receipt) => receipt.at > death);
    return next ? next.at - death : 0;
  });
  return Math.max(0, ...gaps);
}
