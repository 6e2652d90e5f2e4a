/**
 * The thread of a store on PostgreSQL: it talks to the server, so that neither an answer of the
 * server waits for a busy main thread, nor the calls of the main thread for rows to be read.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { StoreUnavailable } from '../errors.ts';
import { type PackedSettleBatch, unpackSettleBatch } from '../thread/pack.ts';
import { CLOSE, type Request, type Response } from '../thread/protocol.ts';
import { type ConnectedStore, type ConnectOptions, connectStore } from './connected-store.ts';

const port = parentPort!;

try {
  let disturbances = 0;
  const { store, tag } = await connectStore(workerData as ConnectOptions, () => {
    port.postMessage({ disturbances: ++disturbances } satisfies Response);
  });
  port.on('message', (request: Request) => void answer(store, request));
  port.postMessage({ ready: true, tag, latest: 0 } satisfies Response);
} catch (error) {
  port.postMessage({ ready: false, message: (error as Error).message } satisfies Response);
  port.close();
}

async function answer(store: ConnectedStore, { id, operation, input }: Request): Promise<void> {
  try {
    const run = store[operation as keyof ConnectedStore] as (input: unknown) => Promise<unknown>;
    const result = await run(
      operation === 'settleAttempts' ? unpackSettleBatch(input as PackedSettleBatch) : input,
    );
    port.postMessage({ id, result } satisfies Response);
  } catch (error) {
    const { message } = error as Error;
    const unavailable = error instanceof StoreUnavailable;
    port.postMessage({ id, error: { message, unavailable } } satisfies Response);
  }
  if (operation === CLOSE) port.close();
}
