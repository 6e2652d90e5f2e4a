import type { Logger } from 'pino';
import type { Session } from '../store/session.ts';
import type { Store } from '../store/store.ts';
import type {
  DisableWebhook,
  SettleBatch,
  SettledBatch,
  SettleItem,
} from '../store/operations/hot.ts';
import { StoreUnavailable } from '../store/errors.ts';
import { dirtyChange, type HealthNews, healthChanges, type LaneHealth } from './health.ts';

/** Deliveries written in one transaction at most: some milliseconds of the writer's time. */
const BATCH_LIMIT = 500;
/**
 * How long calls that ended gather. Nobody waits for a settle, and the next commit of new events
 * takes what has gathered along in its own transaction (`flush`): one sync to disk for both
 * instead of two.
 */
const GATHER_MS = 5;
/** Pauses between tries while the store cannot write. */
const RETRY_MS = [50, 100, 250, 500, 1000];
const DIRTY_FLUSH_MS = 1000;

/** One call that is over: what to write, and whom to tell when it is written. */
export interface Settlement {
  /** The session that made the call. */
  readonly session: number;
  readonly item: SettleItem;
  /** Null when the call says nothing of its webhook's health. */
  readonly news: HealthNews | null;
  readonly disable: DisableWebhook | null;
  onSettled(): void;
}

export interface Settler {
  add(settlement: Settlement): void;
  /** Hands what has gathered to the store now: the caller is about to commit something itself. */
  flush(): void;
  /** Resolves when all that was added is written. */
  drained(): Promise<void>;
  /** Writes what is left of the health and stops. */
  stop(): Promise<void>;
}

export interface SettlerNeeds {
  readonly store: Store;
  readonly session: Session;
  readonly log: Logger;
  /** A batch is on disk, but for what others had taken over. */
  onWritten(batch: SettleBatch, settled: SettledBatch): void;
  /** Webhooks that a verdict switches off, and those of them that were on until now. */
  onDisabled(disabled: readonly number[], asked: readonly number[]): void;
}

/**
 * Writes outcomes and verdicts in batches: what ends within some milliseconds, or while one batch
 * is written, gathers for the next.
 *
 * Nothing is dropped. While the store cannot write, the batch waits and is tried again; its
 * deliveries stay leased, so nobody else sends them. If the store refuses one row, it is written
 * alone, and if need be without what the receiver sent.
 */
export function createSettler(needs: SettlerNeeds): Settler {
  const { store, session, log } = needs;
  const waiting: Settlement[] = [];
  const dirty = new Set<LaneHealth>();
  let running: Promise<void> | null = null;
  let isStopped = false;

  let gathering: NodeJS.Timeout | undefined;
  let isFlushDue = false;
  const flushDirty = setInterval(() => {
    isFlushDue = true;
    if (dirty.size > 0) start();
  }, DIRTY_FLUSH_MS);
  flushDirty.unref();

  return {
    add(settlement) {
      waiting.push(settlement);
      if (waiting.length >= BATCH_LIMIT) start();
      else gather();
    },
    flush() {
      if (waiting.length > 0) start();
    },
    drained,
    async stop() {
      if (isStopped) return;
      isStopped = true;
      clearInterval(flushDirty);
      await drained();
      start();
      await drained();
    },
  };

  async function drained(): Promise<void> {
    if (waiting.length > 0) start();
    while (running) await running;
  }

  function gather(): void {
    if (running || gathering) return;
    gathering = setTimeout(start, GATHER_MS);
  }

  /** Hands the next batch to the store before it returns, if none is being written. */
  function start(): void {
    if (running) return;
    clearTimeout(gathering);
    gathering = undefined;
    running = run().finally(() => {
      running = null;
      if (waiting.length > 0) gather();
    });
  }

  async function run(): Promise<void> {
    do {
      const settlements = nextBatch();
      await write(batchOf(settlements), settlements);
      for (const settlement of settlements) settlement.onSettled();
    } while (waiting.length >= BATCH_LIMIT || (isStopped && waiting.length > 0));
  }

  /** Of one session. What an earlier one held may be leased to this one by now, for another call. */
  function nextBatch(): Settlement[] {
    const next = waiting.slice(0, BATCH_LIMIT);
    const end = next.findIndex((settlement) => settlement.session !== next[0]!.session);
    return waiting.splice(0, end === -1 ? next.length : end);
  }

  function batchOf(settlements: readonly Settlement[]): SettleBatch {
    const news = settlements.flatMap((settlement) => settlement.news ?? []);
    const health = healthChanges(news);
    for (const { health: quiet } of news) if (quiet.isDirty) dirty.add(quiet);
    if (isFlushDue || isStopped) {
      for (const quiet of dirty) if (quiet.isDirty) health.push(dirtyChange(quiet));
      dirty.clear();
      isFlushDue = false;
    }
    const disable = settlements.flatMap(({ disable: order }) => (order ? [order] : []));
    const items = settlements.map(({ item }) => item);
    return { session: settlements[0]?.session ?? session.id, items, health, disable };
  }

  async function write(batch: SettleBatch, settlements: readonly Settlement[]): Promise<void> {
    if (batch.items.length + batch.health.length + batch.disable.length === 0) return;
    for (let tries = 0; ; tries++) {
      try {
        const settled = await store.settleAttempts(batch);
        const { fenced, disabled } = settled;
        needs.onWritten(batch, settled);
        if (fenced.length > 0)
          log.warn({ fenced: fenced.length }, 'settled too late: no longer ours');
        const asked = batch.disable.map((order) => order.webhook);
        if (asked.length > 0) needs.onDisabled(disabled, asked);
        return;
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) return writeOneByOne(batch, settlements, error);
        if (tries === 0)
          log.error({ err: error }, 'the store cannot settle: trying again until it can');
        await new Promise((resolve) =>
          setTimeout(resolve, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]),
        );
      }
    }
  }

  /** A row that the store refuses must not hold up the others, nor be tried for ever. */
  async function writeOneByOne(
    batch: SettleBatch,
    settlements: readonly Settlement[],
    cause: unknown,
  ): Promise<void> {
    const [item] = batch.items;
    if (batch.items.length > 1) {
      log.error({ err: cause }, 'the store refused a batch: settling one by one');
      for (const settlement of settlements) await write(batchAlone(settlement), [settlement]);
      await write({ ...batch, items: [] }, []);
    } else if (item && item.attempt.errorCode !== 'record_error') {
      log.error(
        { err: cause, delivery: item.deliveryKey },
        'the store refused an attempt: writing it without the answer',
      );
      const items = [{ ...item, attempt: reduced(item.attempt) }];
      await write({ ...batch, items }, settlements);
    } else {
      log.error(
        { err: cause, delivery: item?.deliveryKey },
        'the store refused a reduced row: it stays leased until the next start',
      );
    }
  }
}

function batchAlone({ session, item }: Settlement): SettleBatch {
  return { session, items: [item], health: [], disable: [] };
}

function reduced(attempt: SettleItem['attempt']): SettleItem['attempt'] {
  return {
    ...attempt,
    requestHeaders: '[]',
    responseHeaders: null,
    responseBody: null,
    responseTruncated: true,
    errorCode: 'record_error',
    errorDetail: 'What was sent and answered could not be stored.',
    certificate: null,
  };
}
