import type { Logger } from 'pino';
import type { AttemptReport } from '../attempt/outcome.ts';
import type { Settler } from '../settle/settler.ts';
import type { AcceptedBatch } from '../store/operations/hot.ts';
import type { SessionPeers } from '../store/operations/peers.ts';
import type { SendingWebhook } from '../store/operations/sending-webhook.ts';
import type { Session } from '../store/session.ts';
import type { Store } from '../store/store.ts';
import { afterFailure, afterSuccess, following, restored } from './breaker.ts';
import { createClaimer } from './claimer.ts';
import type { LeasedDelivery } from './delivery.ts';
import { createGiveBack } from './give-back.ts';
import { Lane } from './lane.ts';
import { makeCall, type SendNeeds, settlementOf } from './send.ts';
import { shareOf } from './share.ts';
import { Slots } from './slots.ts';

/** Our own fault (no file descriptors, no memory): the delivery waits this long, uncharged. */
const OUR_FAULT_PAUSE_MS = 1000;

export interface LanesNeeds extends SendNeeds {
  readonly store: Store;
  readonly session: Session;
  readonly settler: Settler;
  readonly log: Logger;
  /** Calls at once to one webhook, of all nodes together, unless it says otherwise. */
  readonly laneConcurrency: number;
  /** The nodes with which these calls are shared at first. */
  readonly peers: SessionPeers;
  /** Calls at once in the process. */
  readonly maxCalls: number;
}

export interface Lanes {
  /** Webhook id → places for new deliveries, of the lanes that have fewer than a full lane. */
  rooms(): Map<number, number>;
  /** Takes deliveries that were born leased to this session; they are sent when the function it returns is called. */
  take(
    session: number,
    leased: AcceptedBatch['leased'],
    recordOf: (
      request: number,
      record: number,
    ) => { action: number; isTest: boolean; record: Uint8Array },
  ): () => void;
  /** Something of these webhooks is due in the store, at once or from `at` on. */
  wake(webhooks: readonly number[], at?: number): void;
  /**
   * Deliveries of these webhooks are due in the store, at once or from `at` on, that may be new here:
   * accepted without room in their lanes, or left due by another node. Which one an open lane probes
   * with, and when, does not change by that.
   */
  wakeForNew(webhooks: readonly number[], at?: number): void;
  /** A webhook's settings changed: read them again before its next call. */
  refresh(webhook: number): void;
  /** Nodes began or ended: what the calls at once to each webhook are shared with from now on. */
  shareWith(peers: SessionPeers): void;
  /** What waits in memory belongs to another node now: it is dropped here. */
  forget(): void;
  /** Goes on after a time in which the session was not held. */
  resume(): void;
  /** Deliveries in memory: waiting, under way or unsettled. */
  readonly occupied: number;
  /** With how many others, and itself, this node shares the calls at once to each webhook. */
  readonly nodes: number;
  /** Their keys. */
  held(): ReadonlySet<number>;
  /** Lets the calls under way end and be settled, and gives everything else back to the store. */
  stop(): Promise<void>;
}

/**
 * The lanes of this process. A delivery that arrives here is leased to this session; it leaves
 * settled, or released to the store.
 */
export function createLanes(needs: LanesNeeds): Lanes {
  const { store, session, settler, clock, log } = needs;
  const lanes = new Map<number, Lane>();
  /** Lanes that hold something or may not: those that `rooms` must name. */
  const busy = new Set<Lane>();
  /** The calls of the process; lanes that could send but for its limit wait there. */
  const slots = new Slots<Lane>(needs.maxCalls);
  /** Everything in memory, until it is settled or given back. */
  const held = new Set<LeasedDelivery>();
  let { peers } = needs;
  let isStopping = false;
  const idle: (() => void)[] = [];
  const giveBack = createGiveBack({ store, log, isStopping: () => isStopping });

  const claimer = createClaimer({
    store,
    session,
    clock,
    log,
    take(webhook, deliveries, how) {
      const lane = laneOf(webhook);
      for (const delivery of deliveries) enqueue(lane, { ...delivery, ...how });
      pump(lane);
    },
  });

  return {
    rooms() {
      const now = clock.now();
      const rooms = new Map<number, number>();
      for (const lane of busy) {
        if (isQuiet(lane, now)) busy.delete(lane);
        else rooms.set(lane.webhook, isStopping ? 0 : lane.roomForNew(now));
      }
      return rooms;
    },
    take(holder, leased, recordOf) {
      const touched = new Set<Lane>();
      for (let i = 0; i < leased.key.length; i++) {
        const lane = laneOf(leased.webhook[i]!);
        const { action, isTest, record } = recordOf(leased.request[i]!, leased.record[i]!);
        enqueue(lane, {
          session: holder,
          key: leased.key[i]!,
          eventKey: leased.eventKey[i]!,
          action,
          isTest,
          record,
          attempts: 0,
          failures: 0,
          failingSince: null,
          isSingle: isTest,
          isProbe: false,
        });
        touched.add(lane);
      }
      return () => {
        for (const lane of touched) pump(lane);
      };
    },
    wake(webhooks, at = clock.now()) {
      for (const webhook of webhooks) wake(laneOf(webhook), at);
    },
    wakeForNew(webhooks, at = clock.now()) {
      for (const webhook of webhooks) {
        const lane = laneOf(webhook);
        if (!lane.isIndifferent) wake(lane, at);
      }
    },
    refresh(webhook) {
      const lane = lanes.get(webhook);
      if (lane) void load(lane);
    },
    shareWith(others) {
      peers = others;
    },
    forget() {
      for (const lane of busy) leave(lane.queue.splice(0));
    },
    resume() {
      for (const lane of busy) pump(lane);
    },
    get occupied() {
      return held.size;
    },
    get nodes() {
      return peers.nodes;
    },
    held: () => new Set(Array.from(held, (delivery) => delivery.key)),
    async stop() {
      isStopping = true;
      await claimer.stop();
      for (const lane of lanes.values()) await release(lane, lane.queue.splice(0));
      if (held.size > 0) await new Promise<void>((resolve) => idle.push(resolve));
    },
  };

  function laneOf(webhook: number): Lane {
    let lane = lanes.get(webhook);
    if (!lane) {
      lane = new Lane(webhook);
      lanes.set(webhook, lane);
    }
    return lane;
  }

  function busied(lane: Lane): Lane {
    busy.add(lane);
    return lane;
  }

  function isQuiet(lane: Lane, now: number): boolean {
    return (
      lane.occupied === 0 &&
      lane.nextDueAt === null &&
      !lane.isOff &&
      !lane.isOpen &&
      !lane.isPaused(now)
    );
  }

  /** Claims what is due from `at` on, once it is known whether and how the lane may send. */
  function wake(lane: Lane, at: number): void {
    busied(lane);
    if (lane.target) return claimer.wake(lane, at);
    lane.nextDueAt = Math.min(at, lane.nextDueAt ?? Infinity);
    if (!lane.isLoading) void load(lane);
  }

  function enqueue(lane: Lane, delivery: LeasedDelivery): void {
    held.add(delivery);
    busied(lane).queue.push(delivery);
  }

  /** Sends what the lane may send now. */
  function pump(lane: Lane): void {
    if (lane.queue.length === 0 || isStopping || !session.isHeld) return;
    if (!lane.target) return void load(lane);
    const now = clock.now();
    if (lane.isOff || lane.isOpen || lane.isPaused(now)) releaseUnsendable(lane, now);
    const concurrency = lane.concurrency(shareFor(lane.target));
    while (lane.queue.length > 0 && lane.sending < concurrency) {
      if (lane.queue[0]!.session !== session.id) {
        // Others took it over; it came when this node had begun anew already.
        leave([lane.queue.shift()!]);
        continue;
      }
      const { location } = lane.target;
      if (!slots.take(location)) return slots.wait(lane, location);
      void send(lane, lane.queue.shift()!, location);
    }
  }

  /** Calls at once that this node may make to a webhook. */
  function shareFor(target: SendingWebhook | null): number {
    return shareOf(target?.concurrency ?? needs.laneConcurrency, peers);
  }

  /** Makes a call in a slot that `location` took. */
  async function send(
    lane: Lane,
    delivery: LeasedDelivery,
    location: number | null,
  ): Promise<void> {
    lane.sending++;
    const report = await makeCall(lane, delivery, needs);
    lane.sending--;
    slots.free(location);
    finish(lane, delivery, report);
    giveTurns(lane);
    claimer.look(lane);
  }

  /** A call of `lane` ended: if lanes wait for their turn, it queues behind them. */
  function giveTurns(lane: Lane): void {
    if (!slots.isContended) return pump(lane);
    if (lane.queue.length > 0) slots.wait(lane, lane.target?.location ?? null);
    for (let next; (next = slots.next());) pump(next);
  }

  function finish(lane: Lane, delivery: LeasedDelivery, report: AttemptReport): void {
    const { outcome } = report;
    if (outcome.kind === 'ours') {
      log.error(
        { webhook: lane.webhook, detail: outcome.detail },
        'a call failed by our own fault',
      );
      lane.pausedUntil = Math.max(lane.pausedUntil, clock.now() + OUR_FAULT_PAUSE_MS);
      void release(lane, [delivery]);
      return;
    }
    const { verdict, ...settlement } = settlementOf(lane, delivery, report, outcome, needs);
    if (verdict.pauseUntil !== null)
      lane.pausedUntil = Math.max(lane.pausedUntil, verdict.pauseUntil);
    if (verdict.disable !== null && lane.target) lane.target = { ...lane.target, active: false };
    lane.unsettled++;
    countCall(lane, delivery, outcome.kind === 'success');
    settler.add({
      ...settlement,
      onSettled() {
        lane.unsettled--;
        lane.settled++;
        leave([delivery]);
        const { next } = settlement.item;
        // Which delivery an open lane probes with next, and when, may be another one now.
        if (lane.isOpen) wake(lane, clock.now());
        else if (next.state === 'due') wake(lane, next.dueAt);
        else claimer.look(lane);
        // Another node may have opened or closed it while this call was under way.
        if (lane.unsettled === 0 && store.isShared && (lane.isOpen || lane.isBehind))
          void load(lane);
      },
    });
  }

  function leave(deliveries: readonly LeasedDelivery[]): void {
    for (const delivery of deliveries) held.delete(delivery);
    if (held.size === 0) for (const resolve of idle.splice(0)) resolve();
  }

  /** Gives back what a lane may not send now. */
  function releaseUnsendable(lane: Lane, now: number): void {
    const waiting = lane.queue.splice(0);
    lane.queue.push(...waiting.filter((delivery) => lane.maySend(delivery, now)));
    void release(
      lane,
      waiting.filter((delivery) => !lane.maySend(delivery, now)),
    );
  }

  /** Keeps count of the call that ended; what an open lane held goes back to the store. */
  function countCall(lane: Lane, delivery: LeasedDelivery, isSuccess: boolean): void {
    const wasOpen = lane.isOpen;
    if (isSuccess) {
      lane.breaker = afterSuccess(lane.breaker, shareFor(lane.target));
    } else if (!delivery.isSingle) lane.breaker = afterFailure(lane.breaker, delivery.key);
    if (lane.isOpen !== wasOpen) turn(lane);
  }

  /** A lane has opened or closed. */
  function turn(lane: Lane): void {
    const { webhook } = lane;
    if (lane.isOpen)
      log.warn({ webhook }, 'a receiver seems dead: its lane opens, one probe at a time');
    else log.info({ webhook }, 'a receiver answers again: its lane closes');
    const now = clock.now();
    if (lane.isOpen) releaseUnsendable(lane, now);
    // Open: to learn when the next probe is due. Closed: for all that waited.
    wake(lane, now);
  }

  /** Opens or closes a lane as the store says, by the calls of all nodes. */
  function follow(lane: Lane, target: SendingWebhook): void {
    const wasOpen = lane.isOpen;
    lane.breaker = following(lane.breaker, target.errorCount, shareFor(target));
    if (lane.isOpen !== wasOpen) turn(lane);
  }

  async function release(lane: Lane, deliveries: readonly LeasedDelivery[]): Promise<void> {
    if (deliveries.length === 0) return;
    const isReleased = await giveBack(lane.webhook, deliveries);
    leave(deliveries);
    if (isReleased) wake(lane, Math.max(clock.now(), lane.pausedUntil));
  }

  /**
   * Reads the webhook's settings; what was decided with the earlier ones is over.
   *
   * Whether the lane is open is taken from what was read only if no call of ours was written down since
   * or is still to be: the store would contradict what this node knows better, and an open lane that
   * nobody opened stands still until its next probe is due. A lane that is never without such a call
   * goes by its own calls, which close it for all or open it here.
   */
  async function load(lane: Lane): Promise<void> {
    lane.isStale = true;
    if (lane.isLoading || isStopping) return;
    lane.isLoading = true;
    try {
      let target;
      let settled;
      do {
        lane.isStale = false;
        ({ settled } = lane);
        target = await store.getSendingWebhook({ id: lane.webhook });
      } while (lane.isStale || (lane.settled > settled && lane.unsettled === 0));
      lane.isBehind = lane.unsettled > 0;
      if (!target) throw new Error(`webhook ${lane.webhook} has deliveries but no row`);
      const now = clock.now();
      if (isAnotherStory(lane.target, target)) {
        // What was known of an open lane is when its next probe is due, not what else is.
        if (lane.isOpen) lane.nextDueAt = now;
        lane.breaker = restored(target.errorCount);
      } else if (store.isShared && !lane.isBehind) {
        follow(lane, target);
      }
      lane.target = target;
      // What is not written yet is not known there.
      const known = lane.isBehind ? lane.pausedUntil : 0;
      lane.pausedUntil = Math.max(known, target.pausedUntil ?? 0);
      lane.health.errorCount = target.errorCount;
      lane.health.lastSuccessAt =
        Math.max(lane.health.lastSuccessAt ?? 0, target.lastTriggerAt ?? 0) || null;
    } catch (error) {
      log.error({ err: error, webhook: lane.webhook }, 'a webhook could not be read');
      setTimeout(() => void load(lane), OUR_FAULT_PAUSE_MS).unref();
      return;
    } finally {
      lane.isLoading = false;
    }
    busied(lane);
    pump(lane);
    if (lane.nextDueAt !== null) claimer.wake(lane, lane.nextDueAt);
  }
}

/** Whether the store knows more of a webhook's health: at first, and when it began anew. */
function isAnotherStory(before: SendingWebhook | null, after: SendingWebhook): boolean {
  return before?.enabledAt !== after.enabledAt || before.url !== after.url;
}
