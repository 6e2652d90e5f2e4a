import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Random } from '../crash/random.ts';
import { SECRET } from '../crash/receivers.ts';
import { eventually } from '../eventually.ts';
import { apiAt } from '../start.ts';
import type { Behaviour, Receipt } from './behaviour.ts';
import { createFaultLog, type FaultLog } from './fault-log.ts';
import { instant, openLedger, readLedger } from './ledger.ts';
import { judge } from './oracle.ts';
import { createProducer, type Producer, type SentEntry } from './producer.ts';
import type { Row, RunInput } from './recipe.ts';
import { openReceivers, type Receivers } from './receivers.ts';
import { openService, type Service, type ServiceInput } from './service.ts';
import { stateOf, type StoreState, type WrittenDelivery } from './store-state.ts';

/** A webhook of a recipe, and the receiver of the same name behind it. */
export interface WebhookPlan {
  readonly name: string;
  /** It gets everything that happens there. */
  readonly location: number;
  /** Default: answers 200 at once. */
  readonly behaviour?: Behaviour;
}

/** From one instant to another. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** No thread of ours works as long at a stretch. */
const STANDSTILL_MS = 1500;

export interface ScenePlan extends Omit<ServiceInput, 'engine' | 'dir'> {
  readonly webhooks: readonly WebhookPlan[];
  /** How long everything may take to come to rest once the faults are over. */
  readonly restMs?: number;
}

/** What a recipe works with. */
export interface Scene {
  readonly input: RunInput;
  readonly random: Random;
  readonly service: Service;
  readonly receivers: Receivers;
  readonly producer: Producer;
  readonly faults: FaultLog;
  readonly state: StoreState;
  /** Name → webhook id. */
  readonly webhookIds: ReadonlyMap<string, number>;
  /** Deliveries may wait behind these at the end. */
  readonly mayWait: Set<string>;
  /** Events that the recipe reported by itself. */
  extraEvents: number;
  /** Calls to these receivers cannot be verified, for a reason of the recipe. */
  readonly unverified: Set<string>;
  /** The time that the longest gap is looked for in; the whole run unless it is said. */
  measured: { from: number; to: number };
  /** Times in which the machine itself stood still, with all that runs on it. */
  readonly standstills: Span[];
  readonly notes: string[];
  /** What the recipe found wrong by itself. */
  readonly violations: string[];
  /** Looked at when everything is at rest: what a recipe measures or demands besides. */
  atRest: ((evidence: RestEvidence) => void | Promise<void>) | null;
}

export interface RestEvidence {
  readonly sent: readonly SentEntry[];
  readonly receipts: readonly Receipt[];
  readonly deliveries: readonly WrittenDelivery[];
}

/** Opens the service and all around it, lets `act` break things, waits for rest, and judges. */
export async function runScene(
  input: RunInput,
  plan: ScenePlan,
  act: (scene: Scene) => Promise<void>,
): Promise<Row> {
  const { engine, random } = input;
  const startedAt = instant();
  const dir = mkdtempSync(join(tmpdir(), 'posthorn-faults-'));
  const closing: (() => unknown)[] = [() => rmSync(dir, { recursive: true, force: true })];
  try {
    const sentPath = join(dir, 'sent.jsonl');
    const ledger = await openLedger<SentEntry>(sentPath, { sync: true });
    closing.push(() => ledger.close());
    const receivers = await openReceivers({
      ledger: join(dir, 'receipts.jsonl'),
      receivers: plan.webhooks.map(({ name, behaviour }) => [name, behaviour ?? { kind: 'ok' }]),
    });
    closing.push(() => receivers.close());
    const service = await openService({ ...plan, engine, dir });
    closing.push(() => service.close());
    const state = stateOf(service);
    const webhookIds = await furnish(service, plan.webhooks, receivers);
    const producer = createProducer({ ledger, random, urls: () => service.urls });
    closing.push(() => producer.close());
    const scene: Scene = {
      input,
      random,
      service,
      receivers,
      producer,
      state,
      webhookIds,
      faults: createFaultLog(() => state.leased()),
      mayWait: new Set(),
      extraEvents: 0,
      unverified: new Set(),
      measured: { from: instant(), to: Infinity },
      standstills: [],
      notes: [],
      violations: [],
      atRest: null,
    };

    closing.push(watchStandstills(scene.standstills));
    await act(scene).catch((error: unknown) => {
      throw new Error(['the recipe broke off', ...service.crashes].join('\n'), { cause: error });
    });
    scene.measured.to = Math.min(scene.measured.to, instant());
    await producer.settled(60_000);
    await rest(scene, plan.restMs ?? 60_000).catch((error: unknown) =>
      scene.violations.push(`I5: ${(error as Error).message}`),
    );

    await ledger.written();
    const sent = await readLedger<SentEntry>(sentPath);
    const receipts = await receivers.receipts();
    const deliveries = await state.deliveries();
    await scene.atRest?.({ sent, receipts, deliveries });
    const { violations, ...counts } = judge({
      sent,
      receipts,
      deliveries,
      storedEvents: await state.countEvents(),
      faults: scene.faults.faults,
      webhooks: new Map(Array.from(webhookIds, ([name, id]) => [id, name])),
      wantedAt: wantedAt(plan.webhooks),
      mayWait: scene.mayWait,
      maxAttempts: 11,
      extraEvents: scene.extraEvents,
      unverified: scene.unverified,
      standstills: scene.standstills,
    });
    return {
      recipe: input.recipe,
      engine,
      faults: scene.faults.faults.length,
      ...counts,
      longestGapMs: longestGap(receipts, scene.measured),
      slowestAnswerMs: producer.answers.slowestMs,
      answersOver5s: producer.answers.over5s,
      unanswered: producer.answers.none,
      seconds: (instant() - startedAt) / 1000,
      notes: [...scene.notes, ...tellStandstills(scene.standstills)],
      violations: [...service.crashes, ...scene.violations, ...violations],
    };
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

/** Creates what the recipe needs, and waits until every node knows it. */
async function furnish(
  { living, urls }: Service,
  webhooks: readonly WebhookPlan[],
  receivers: Receivers,
): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  await expectStatus(living.api('PUT', '/v1/secrets/default', { secret: SECRET }), 200);
  for (const { name, location } of webhooks) {
    const input = { name, actions: ['*'], url: receivers.urlOf(name), location };
    const { json } = await expectStatus(living.api('POST', '/v1/webhooks', input), 201);
    ids.set(name, (json as { id: number }).id);
  }
  // The others learn of the secret within a second; until then their calls would be unsigned.
  for (const url of urls)
    await eventually(
      async () => (await apiAt(url)('GET', '/v1/secrets/default')).json?.isSet === true,
    );
  return ids;
}

async function expectStatus<T extends { status: number; text: string }>(
  asked: Promise<T>,
  wanted: number,
): Promise<T> {
  const answer = await asked;
  if (answer.status !== wanted)
    throw new Error(`answered ${answer.status} instead of ${wanted}: ${answer.text}`);
  return answer;
}

function wantedAt(webhooks: readonly WebhookPlan[]): (location: number) => readonly string[] {
  const byLocation = Map.groupBy(webhooks, ({ location }) => location);
  const names = new Map(
    Array.from(byLocation, ([location, all]) => [location, all.map(({ name }) => name)]),
  );
  return (location) => names.get(location) ?? [];
}

/** Nothing is under way, and nothing is due but behind webhooks where it may wait. */
async function rest({ state, mayWait, webhookIds }: Scene, deadlineMs: number): Promise<void> {
  const silent = new Set([...mayWait].map((name) => webhookIds.get(name)));
  await eventually(
    async () => {
      const waiting = await state.waiting();
      const moving = waiting.filter(({ webhook }) => !silent.has(webhook));
      if (moving.length === 0) return true;
      const shown = moving.slice(0, 3).map((one) => `${one.count} ${one.state} of ${one.webhook}`);
      throw new Error(`no rest within ${deadlineMs} ms: ${shown.join(', ')}`);
    },
    { deadlineMs },
  );
}

/** A machine that is paused with all that runs on it is no fault of a recipe, and to be known. */
function watchStandstills(standstills: Span[]): () => void {
  let last = instant();
  const timer = setInterval(() => {
    const now = instant();
    if (now - last > STANDSTILL_MS) standstills.push({ from: last, to: now });
    last = now;
  }, 100);
  return () => clearInterval(timer);
}

function tellStandstills(standstills: readonly Span[]): string[] {
  if (standstills.length === 0) return [];
  const ms = standstills.reduce((sum, { from, to }) => sum + to - from, 0);
  return [`the machine itself stood still ${standstills.length} times, ${Math.round(ms / 1000)} s`];
}

function longestGap(
  receipts: readonly Receipt[],
  { from, to }: { from: number; to: number },
): number {
  let longest = 0;
  let last = from;
  for (const { at } of receipts) {
    if (at < from || at > to) continue;
    longest = Math.max(longest, at - last);
    last = at;
  }
  return longest;
}
