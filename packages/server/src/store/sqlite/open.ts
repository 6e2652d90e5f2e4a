import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createSteadyClock, type SteadyClock } from '../steady-clock.ts';
import { OPERATION_NAMES, type Store } from '../store.ts';
import { openStoreThread, siblingModule } from '../thread/proxy.ts';
import type { StoreFile } from './open-file.ts';
import { createReader } from './reader.ts';

export interface SqliteOptions {
  readonly dataDir: string;
  /** The time of all operations; started from what the store has seen. Default: one of its own. */
  readonly clock?: SteadyClock;
  /** For tests: the store is full when its file has this many pages of 4 KiB. */
  readonly maxPages?: number;
  /** The thread ended by itself: nothing can be stored any more until the process starts again. */
  readonly onLost?: (error: Error) => void;
}

/**
 * Opens the embedded store in its own thread and waits until it answers.
 * Rejects with a sentence for people if the folder cannot be used or another process uses it.
 */
export async function openSqliteStore({
  dataDir,
  clock = createSteadyClock(),
  maxPages,
  onLost,
}: SqliteOptions): Promise<Store> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const file: StoreFile = { file: join(dataDir, 'posthorn.db'), maxPages: maxPages ?? null };
  const thread = await openStoreThread({
    module: siblingModule(import.meta.url, 'thread'),
    workerData: file,
    clock,
    ...(onLost && { onLost }),
  });
  const reader = createReader(file.file, clock);
  return {
    ...thread.operations(OPERATION_NAMES),
    ...reader.questions,
    ids: thread.ids,
    isShared: false,
    disturbances: 0,
    turnDays: async (beforeMs) => ({ dropped: [], leftBefore: beforeMs }),
    async close() {
      // The last connection to the file puts away its WAL: that is the one that writes.
      await reader.close();
      await thread.close();
    },
  };
}
