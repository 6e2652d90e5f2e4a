import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Logger } from 'pino';
import type { AcceptedRequest, AcceptedBatch, AcceptRequest } from '../store/operations/hot.ts';
import type { Session } from '../store/session.ts';
import { StoreUnavailable } from '../store/errors.ts';
import type { Store } from '../store/store.ts';
import { LANE_CAPACITY } from '../lanes/lane.ts';
import type { Lanes } from '../lanes/lanes.ts';

/** What one commit takes: enough that its sync to disk costs little per event, some ms of work. */
const BATCH_RECORDS = 1000;
/**
 * A commit takes at most half of the reports that are under way, if those are more than this: while
 * it runs, the other half is answered, sent and asked for again. Otherwise all of them end up in
 * the same commit, and intake and store wait for each other in turn.
 */
const HALVED_FROM = 32;
/** Only behind a quick commit: with a slow disk most of it is the sync, and all share one. */
const QUICK_MS = 10;
/** Bytes of records that wait for a commit at most; beyond, callers are told to come back. */
const WAITING_BYTES = 64 * 1024 * 1024;

/** How long a report that could not be kept speaks against the next ones. */
const REFUSING_MS = 3000;

/** A report: one action that took place, once per record. */
export interface Report {
  readonly action: number;
  readonly location: number | null;
  /** Checked by `recordProblem`. At most 1,000. */
  readonly records: readonly Uint8Array[];
  /** The caller's Idempotency-Key, and who the caller is. */
  readonly idempotency: { readonly scope: string; readonly key: string } | null;
  /** A test of this webhook: it alone gets the event. */
  readonly testOf?: number;
}

/** `too-many`: nothing of it is kept, and never would be. */
export type AnsweredReport = Exclude<AcceptedRequest, { kind: 'later' }>;

export interface Accept {
  /**
   * Resolves when the events and all their deliveries are on disk. Rejects with StoreUnavailable
   * when they are not, and then nothing of the report is kept. Null: too much waits already.
   */
  accept(report: Report): Promise<AnsweredReport> | null;
  /**
   * Whether reports could not be kept lately. It is said for some seconds after the last one, since
   * whoever heeds it sends none that would show whether it is still so.
   */
  readonly isRefusing: boolean;
  /** Resolves when everything accepted so far is answered. */
  drained(): Promise<void>;
}

export interface AcceptNeeds {
  readonly store: Store;
  readonly session: Session;
  readonly lanes: Lanes;
  readonly log: Logger;
  /** Hands settled calls to the store, to share the transaction that comes right behind. */
  readonly flushSettler: () => void;
  /** A batch is on disk. */
  readonly onKept: (accepted: AcceptedBatch) => void;
  /** Resolves when sending has caught up enough for the next commit. */
  readonly turn: () => Promise<void> | null;
}

interface Waiting {
  readonly report: Report;
  readonly bytes: number;
  resolve(accepted: AnsweredReport): void;
  reject(error: unknown): void;
}

/**
 * Group commit: reports that arrive while a commit runs share the next one. When nothing runs,
 * a report does not wait for others.
 */
export function createAccept(needs: AcceptNeeds): Accept {
  const { store, session, lanes, log, turn, flushSettler } = needs;
  const waiting: Waiting[] = [];
  let waitingBytes = 0;
  let running: Promise<void> | null = null;
  let isRefusing = false;
  /** Of the last commit: its reports, whose callers may come back with others, and its duration. */
  let last = { reports: 0, ms: 0 };
  let refusedAt = -Infinity;

  return {
    get isRefusing() {
      return isRefusing && performance.now() - refusedAt < REFUSING_MS;
    },
    accept(report) {
      if (waitingBytes > WAITING_BYTES) return null;
      return new Promise((resolve, reject) => {
        const bytes = report.records.reduce((sum, record) => sum + record.byteLength, 0);
        waiting.push({ report, bytes, resolve, reject });
        waitingBytes += bytes;
        start();
      });
    },
    async drained() {
      while (running) await running;
    },
  };

  function start(): void {
    running ??= run().finally(() => {
      running = null;
      // What came while the last round ended.
      if (waiting.length > 0) start();
    });
  }

  async function run(): Promise<void> {
    // Let the requests that this turn of the loop reads gather.
    await new Promise(setImmediate);
    let answerAndSend = nothing;
    while (waiting.length > 0) {
      await turn();
      const committing = commit(nextBatch());
      // What follows from the commit before is done while the store is busy with this one.
      answerAndSend();
      answerAndSend = await committing;
    }
    answerAndSend();
  }

  function nextBatch(): Waiting[] {
    const most = mostReports();
    let records = 0;
    let end = 0;
    while (
      end < Math.min(waiting.length, most) &&
      (end === 0 || records + waiting[end]!.report.records.length <= BATCH_RECORDS)
    ) {
      records += waiting[end++]!.report.records.length;
    }
    return waiting.splice(0, end);
  }

  function mostReports(): number {
    const underWay = waiting.length + last.reports;
    return underWay > HALVED_FROM && last.ms < QUICK_MS ? Math.ceil(underWay / 2) : underWay;
  }

  /** Resolves, when the batch is on disk and in its lanes, to what is left to do about it. */
  async function commit(batch: readonly Waiting[]): Promise<() => void> {
    const bytes = bytesOf(batch);
    const begun = performance.now();
    const { id } = session;
    const accepted = await keep(batch, bytes, id);
    last = { reports: batch.length, ms: performance.now() - begun };
    waitingBytes -= bytes;
    if (!accepted) return nothing;
    needs.onKept(accepted);
    const send = hand(accepted, batch, id);
    const later = batch.filter((_, i) => accepted.requests[i]!.kind === 'later');
    waiting.unshift(...later);
    waitingBytes += bytesOf(later);
    return () => {
      for (const [i, item] of batch.entries()) {
        const answer = accepted.requests[i]!;
        if (answer.kind !== 'later') item.resolve(answer);
      }
      send();
    };
  }

  /** Null when nothing of the batch is kept; its callers know then. */
  async function keep(
    batch: readonly Waiting[],
    bytes: number,
    holder: number,
  ): Promise<AcceptedBatch | null> {
    try {
      flushSettler();
      const accepted = await store.acceptEvents({
        ...packed(batch, bytes),
        session: holder,
        fullRoom: LANE_CAPACITY,
        rooms: lanes.rooms(),
      });
      if (isRefusing) log.info('reports are kept again');
      isRefusing = false;
      return accepted;
    } catch (error) {
      if (!isRefusing)
        log.error({ err: error }, 'reports cannot be kept: answering 503 until they can');
      isRefusing = true;
      refusedAt = performance.now();
      for (const item of batch) item.reject(error);
      if (error instanceof StoreUnavailable) refuseWaiting(error);
      return null;
    }
  }

  /**
   * What came while the store was asked in vain gets the same answer. Asked for on its own, it
   * would wait for two deadlines of the store, and callers are told within one.
   */
  function refuseWaiting(error: StoreUnavailable): void {
    for (const item of waiting.splice(0)) {
      waitingBytes -= item.bytes;
      item.reject(error);
    }
  }

  function hand(accepted: AcceptedBatch, batch: readonly Waiting[], holder: number): () => void {
    const send = lanes.take(holder, accepted.leased, (request, record) => {
      const { report } = batch[request]!;
      return {
        action: report.action,
        isTest: report.testOf !== undefined,
        record: kept(report.records, record),
      };
    });
    if (accepted.woken.length > 0) lanes.wakeForNew(accepted.woken);
    return send;
  }
}

function nothing(): void {}

function bytesOf(batch: readonly Waiting[]): number {
  return batch.reduce((sum, item) => sum + item.bytes, 0);
}

/** A record of a batch is copied: one that waits in a lane must not hold the whole request. */
function kept(records: readonly Uint8Array[], at: number): Uint8Array {
  const record = records[at]!;
  return records.length === 1 ? record : Buffer.from(record);
}

/** The batch as the store takes it: all records in one piece of memory that can change hands. */
function packed(
  batch: readonly Waiting[],
  bytes: number,
): { requests: AcceptRequest[]; records: Uint8Array<ArrayBuffer> } {
  const records = new Uint8Array(bytes);
  let end = 0;
  const requests = batch.map(({ report }): AcceptRequest => ({
    action: report.action,
    location: report.location,
    recordEnds: report.records.map((record) => {
      records.set(record, end);
      return (end += record.byteLength);
    }),
    idempotency: report.idempotency && { ...report.idempotency, requestHash: requestHash(report) },
    testOf: report.testOf ?? null,
  }));
  return { requests, records };
}

/** What makes two reports the same: action, location and every byte of every record. */
function requestHash(report: Report): Uint8Array {
  const hash = createHash('sha256').update(`${report.action} ${report.location} `);
  for (const record of report.records) hash.update(`${record.byteLength} `).update(record);
  return hash.digest();
}
