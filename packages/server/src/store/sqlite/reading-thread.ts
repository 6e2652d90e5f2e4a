/**
 * The thread that answers questions about history: it reads the SQLite file beside the one that
 * writes, so that a question may take seconds and no commit waits for it.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { type ColdOperations, coldOperations } from '../operations/cold.ts';
import { CLOSE, type Request, type Response } from '../thread/protocol.ts';
import { answer, fail } from './answer.ts';
import { Connection } from './connection.ts';

const port = parentPort!;
const db = new Connection(workerData as string, { readOnly: true });

port.on('message', (request: Request) => {
  if (request.operation === CLOSE) {
    db.close();
    answer(port, request.id, null);
    port.close();
  } else void run(request);
});
port.postMessage({ ready: true, tag: '', latest: 0 } satisfies Response);

/** Every promise of this engine is settled already, so no other request runs in between. */
async function run({ id, operation, input, now }: Request): Promise<void> {
  try {
    db.exec('begin');
    const result = await coldOperations[operation as keyof ColdOperations](
      { tx: db.tx, now },
      input as never,
    );
    db.exec('commit');
    answer(port, id, result);
  } catch (error) {
    if (db.inTransaction) db.exec('rollback');
    fail(port, id, error);
  }
}
