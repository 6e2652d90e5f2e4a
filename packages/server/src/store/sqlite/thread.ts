/**
 * The store's thread: the only one that writes to the SQLite file. It takes operations one after the other;
 * hot ones that wait together share one transaction, and so one sync to disk.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { acceptEvents } from '../operations/accept.sqlite.ts';
import { claimDeliveries, releaseDeliveries } from '../operations/claim.sqlite.ts';
import type {
  AcceptBatch,
  ClaimBatch,
  HotOperations,
  ReleaseBatch,
  SettleBatch,
} from '../operations/hot.ts';
import { settleAttempts } from '../operations/settle.sqlite.ts';
import { type ColdOperations, coldOperations } from '../operations/cold.ts';
import type { KeySource } from '../keys.ts';
import { failpoint } from '../../telemetry/failpoint.ts';
import { answer, fail } from './answer.ts';
import type { Connection } from './connection.ts';
import { openStoreFile, type StoreFile } from './open-file.ts';
import { type PackedSettleBatch, unpackSettleBatch } from '../thread/pack.ts';
import { CLOSE, type Request, type Response } from '../thread/protocol.ts';

const port = parentPort!;
const waiting: Request[] = [];
let running = false;

try {
  const { db, keys, tag, latest } = await openStoreFile(workerData as StoreFile);
  port.on('message', (request: Request) => {
    waiting.push(request);
    if (!running) void runWaiting(db, keys);
  });
  port.postMessage({ ready: true, tag, latest } satisfies Response);
} catch (error) {
  port.postMessage({
    ready: false,
    message: `The store cannot be opened: ${(error as Error).message}`,
  } satisfies Response);
  port.close();
}

async function runWaiting(db: Connection, keys: KeySource): Promise<void> {
  running = true;
  for (;;) {
    for (let more = receiveMessageOnPort(port); more; more = receiveMessageOnPort(port)) {
      waiting.push(more.message as Request);
    }
    const next = waiting[0];
    if (!next) break;
    if (next.operation === CLOSE) {
      db.close();
      port.postMessage({ id: next.id, result: null } satisfies Response);
      port.close();
      return;
    }
    if (isHot(next.operation)) runHot(db, keys, takeHot());
    else await runCold(db, waiting.shift()!);
  }
  running = false;
}

/** The hot operations at the head of the queue, in order. */
function takeHot(): Request[] {
  const end = waiting.findIndex((request) => !isHot(request.operation));
  return waiting.splice(0, end === -1 ? waiting.length : end);
}

function isHot(operation: string): operation is keyof HotOperations {
  return operation in HOT;
}

/**
 * One transaction for all; if it fails, one for each, so that a request that cannot be stored
 * does not take its neighbours with it.
 */
function runHot(db: Connection, keys: KeySource, requests: readonly Request[]): void {
  try {
    const results = inTransaction(db, () => requests.map((request) => runOne(db, keys, request)));
    passAfterCommit(requests);
    for (const [i, request] of requests.entries()) answer(port, request.id, results[i]);
  } catch (error) {
    if (requests.length === 1) return fail(port, requests[0]!.id, error);
    for (const request of requests) runHot(db, keys, [request]);
  }
}

function runOne(db: Connection, keys: KeySource, { operation, input, now }: Request): unknown {
  const batch =
    operation === 'settleAttempts' ? unpackSettleBatch(input as PackedSettleBatch) : input;
  return HOT[operation as keyof HotOperations](db, keys, batch as never, now);
}

const HOT: {
  readonly [O in keyof HotOperations]: (
    db: Connection,
    keys: KeySource,
    batch: Parameters<HotOperations[O]>[0],
    now: number,
  ) => ReturnType<HotOperations[O]>;
} = {
  acceptEvents: (db, keys, batch: AcceptBatch, now) => {
    const accepted = acceptEvents(db, keys, batch, now);
    failpoint('accept:before-commit');
    return accepted;
  },
  claimDeliveries: (db, _keys, batch: ClaimBatch, now) => claimDeliveries(db, batch, now),
  settleAttempts: (db, _keys, batch: SettleBatch) => {
    const settled = settleAttempts(db, batch);
    failpoint('settle:before-commit');
    return settled;
  },
  releaseDeliveries: (db, _keys, batch: ReleaseBatch, now) => releaseDeliveries(db, batch, now),
};

function passAfterCommit(requests: readonly Request[]): void {
  for (const { operation } of requests) {
    if (operation === 'acceptEvents') failpoint('accept:after-commit');
    if (operation === 'settleAttempts') failpoint('settle:after-commit');
  }
}

function inTransaction<T>(db: Connection, work: () => T): T {
  db.exec('begin immediate');
  try {
    const result = work();
    db.exec('commit');
    return result;
  } catch (error) {
    // SQLite ends the transaction itself on some errors, a full disk among them.
    if (db.inTransaction) db.exec('rollback');
    throw error;
  }
}

async function runCold(db: Connection, { id, operation, input, now }: Request): Promise<void> {
  try {
    const run = coldOperations[operation as keyof ColdOperations];
    db.exec('begin immediate');
    // Every promise of this engine is settled already, so no other request runs in between.
    const result = await run({ tx: db.tx, now }, input as never);
    db.exec('commit');
    answer(port, id, result);
  } catch (error) {
    if (db.inTransaction) db.exec('rollback');
    fail(port, id, error);
  }
}
