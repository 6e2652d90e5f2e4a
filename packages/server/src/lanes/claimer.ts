import type { Logger } from 'pino';
import type { ClaimedDelivery, LaneClaim } from '../store/operations/hot.ts';
import { StoreUnavailable } from '../store/errors.ts';
import type { Session } from '../store/session.ts';
import type { Store } from '../store/store.ts';
import { LANE_CAPACITY, type Lane } from './lane.ts';

/** Deliveries per claim: some milliseconds of the writer's time, shared by the lanes that ask. */
const CLAIM_LIMIT = 1024;
/** Lanes per claim. */
const LANES_PER_CLAIM = 64;
/** The store could not answer, or kept back what is due: ask again after this. */
const FAILED_CLAIM_MS = 250;
/** Timers beyond this are cut; the look is cheap. */
const LONGEST_WAIT_MS = 60_000;

export interface ClaimerNeeds {
  readonly store: Store;
  readonly session: Session;
  readonly clock: { now(): number };
  readonly log: Logger;
  /** What was claimed. */
  take(webhook: number, deliveries: readonly ClaimedDelivery[], how: Claimed): void;
}

export interface Claimed {
  readonly session: number;
  /** For a lane that was open then. */
  readonly isProbe: boolean;
}

export interface Claimer {
  /** Something of the lane is due in the store from `at` on. */
  wake(lane: Lane, at: number): void;
  /** The lane has room again, perhaps. */
  look(lane: Lane): void;
  stop(): Promise<void>;
}

/**
 * Fetches due deliveries from the store for the lanes that have room, one claim at a time, lanes
 * taking turns. Knows of each lane when something is due next, so nothing is polled.
 */
export function createClaimer(needs: ClaimerNeeds): Claimer {
  const { store, session, clock, log } = needs;
  /** Lanes with something in the store, in the order of their turns. */
  const waiting = new Set<Lane>();
  let isRunning = false;
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let timerAt = Infinity;
  let isStopped = false;

  return {
    wake(lane, at) {
      lane.nextDueAt = lane.nextDueAt === null ? at : Math.min(lane.nextDueAt, at);
      waiting.add(lane);
      look(lane);
    },
    look,
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };

  function look(lane: Lane): void {
    if (isStopped || lane.nextDueAt === null) return;
    if (lane.wantsClaim(clock.now())) start();
    else schedule(lane.wakeAt());
  }

  function start(): void {
    if (isRunning) return;
    isRunning = true;
    running = run();
  }

  function schedule(at: number | null): void {
    if (at === null || at >= timerAt || isStopped) return;
    clearTimeout(timer);
    timerAt = at;
    const wait = Math.min(Math.max(0, at - clock.now()), LONGEST_WAIT_MS);
    timer = setTimeout(() => {
      timerAt = Infinity;
      start();
    }, wait);
  }

  async function run(): Promise<void> {
    try {
      while (!isStopped) {
        const now = clock.now();
        const lanes = nextTurns(now);
        if (lanes.length === 0) {
          scheduleRest(now);
          break;
        }
        if (!(await claim(lanes))) break;
      }
    } finally {
      // Here, and not a turn later: a lane that is woken in between would find nobody.
      isRunning = false;
    }
  }

  /** `now` is the time for which nothing was left to claim: a later one could pass over a lane. */
  function scheduleRest(now: number): void {
    for (const lane of waiting) {
      const at = lane.wakeAt();
      // A due lane without room is looked at when it has room again.
      if (at !== null && at > now) schedule(at);
    }
  }

  function nextTurns(now: number): Lane[] {
    const lanes: Lane[] = [];
    for (const lane of waiting) {
      // A lane that is switched on is woken.
      if (lane.nextDueAt === null || lane.isOff) waiting.delete(lane);
      else if (lane.wantsClaim(now)) lanes.push(lane);
      if (lanes.length === LANES_PER_CLAIM) break;
    }
    for (const lane of lanes) {
      waiting.delete(lane);
      waiting.add(lane);
    }
    return lanes;
  }

  /** False if the store could not answer. */
  async function claim(lanes: readonly Lane[]): Promise<boolean> {
    const now = clock.now();
    const share = Math.max(1, Math.floor(CLAIM_LIMIT / lanes.length));
    const asked: LaneClaim[] = [];
    for (const lane of lanes) {
      const { webhook, probe } = lane;
      lane.claiming = Math.min(share, lane.room(now), LANE_CAPACITY);
      asked.push({ webhook, limit: lane.claiming, probe });
      // Whatever becomes due while the claim runs is told by `wake`.
      lane.nextDueAt = null;
    }
    try {
      const { id } = session;
      const claimed = await store.claimDeliveries({ session: id, lanes: asked });
      const byWebhook = Map.groupBy(claimed.deliveries, (delivery) => delivery.webhook);
      for (const [i, lane] of lanes.entries()) {
        lane.claiming = 0;
        const deliveries = byWebhook.get(lane.webhook) ?? [];
        let next = claimed.nextDueAt.get(lane.webhook) ?? null;
        // Another node has locked it this moment, or our session is over: it is not to be had now.
        if (next !== null && next <= now && deliveries.length === 0) next = now + FAILED_CLAIM_MS;
        if (next !== null) lane.nextDueAt = Math.min(next, lane.nextDueAt ?? Infinity);
        const isProbe = asked[i]!.probe !== null;
        needs.take(lane.webhook, deliveries, { session: id, isProbe });
      }
      return true;
    } catch (error) {
      for (const lane of lanes) {
        lane.claiming = 0;
        lane.nextDueAt = now;
      }
      if (lanes.length > 1 && !(error instanceof StoreUnavailable)) {
        log.error({ err: error }, 'the store refused a claim: asking for each lane alone');
        return claimOneByOne(lanes);
      }
      const webhooks = lanes.map((lane) => lane.webhook);
      log.error({ err: error, webhooks }, 'the store cannot hand out deliveries: asking again');
      schedule(now + FAILED_CLAIM_MS);
      return false;
    }
  }

  /** A row that cannot be read holds up its own lane only. False if there is such a lane. */
  async function claimOneByOne(lanes: readonly Lane[]): Promise<boolean> {
    let isWhole = true;
    for (const lane of lanes) isWhole = (await claim([lane])) && isWhole;
    return isWhole;
  }
}
