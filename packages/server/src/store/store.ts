import { type ColdOperations, coldOperations } from './operations/cold.ts';
import { HOT_OPERATION_NAMES, type HotOperations } from './operations/hot.ts';
import type { PublicIds } from './public-id.ts';

/** The input and result of every operation, as promises: the one narrow door to storage. */
export type Operations = {
  readonly [O in keyof HotOperations]: (
    input: Parameters<HotOperations[O]>[0],
  ) => Promise<ReturnType<HotOperations[O]>>;
} & {
  readonly [O in keyof ColdOperations]: (
    input: Parameters<ColdOperations[O]>[1],
  ) => ReturnType<ColdOperations[O]>;
};

/**
 * A store: every operation is one transaction, kept on disk when its promise resolves.
 * Rejects with StoreUnavailable while the engine cannot write; nothing is half done then.
 */
export interface Store extends Operations {
  readonly ids: PublicIds;
  /** Other nodes use it too: sessions are kept alive, and what others do is looked for. */
  readonly isShared: boolean;
  /**
   * Grows whenever the engine did not answer or a connection to it broke. What it said before may
   * not hold any more then: a commit took place unseen, or a standby went on without the last ones.
   */
  readonly disturbances: number;
  /** Waits for what is under way, then closes. Safe to call twice. */
  close(): Promise<void>;
}

export const OPERATION_NAMES: readonly string[] = [
  ...HOT_OPERATION_NAMES,
  ...Object.keys(coldOperations),
];
