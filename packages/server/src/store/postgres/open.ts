import { OPERATION_NAMES, type Store } from '../store.ts';
import type { ConnectOptions } from './connected-store.ts';
import { openStoreThread, siblingModule } from '../thread/proxy.ts';

export interface PostgresOptions {
  /** `postgres://user@host/database` */
  readonly url: string;
  /** Where a node finds out at its start which one died there before, if that is known. */
  readonly dataDir?: string;
  /** The thread ended by itself: nothing can be stored any more until the process starts again. */
  readonly onLost?: (error: Error) => void;
}

/**
 * Opens a store that several nodes share, in a thread of its own, and brings its schema up to
 * date; one node does so while the others wait.
 * Rejects with a sentence for people if the database cannot be used.
 */
export async function openPostgresStore({ url, dataDir, onLost }: PostgresOptions): Promise<Store> {
  const thread = await openStoreThread({
    module: siblingModule(import.meta.url, 'thread'),
    workerData: { url, dataDir } satisfies ConnectOptions,
    ...(onLost && { onLost }),
  });
  return {
    ...thread.operations([...OPERATION_NAMES, 'turnDays']),
    ids: thread.ids,
    isShared: true,
    get disturbances() {
      return thread.disturbances;
    },
    close: () => thread.close(),
  };
}
