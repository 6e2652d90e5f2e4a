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
  /**
   * Makes the parts that the log needs for the next days, and drops the days that ended before
   * `beforeMs` with all that has ended in them. An engine without days does nothing.
   */
  turnDays(beforeMs: number): Promise<TurnedDays>;
  /** Waits for what is under way, then closes. Safe to call twice. */
  close(): Promise<void>;
}

export interface TurnedDays {
  /** UTC days that are gone, by their first moments. */
  readonly dropped: readonly number[];
  /** What is older than this and still there has to leave in slices. */
  readonly leftBefore: number;
}

export const OPERATION_NAMES: readonly (keyof Operations)[] = [
  ...HOT_OPERATION_NAMES,
  ...(Object.keys(coldOperations) as (keyof ColdOperations)[]),
];

/**
 * Operations that only read, and may read much: the embedded store answers them beside the thread
 * that writes.
 */
export const QUESTION_NAMES = [
  'countWaiting',
  'countWebhooks',
  'findDeliveries',
  'findEvents',
  'findNextProbes',
  'findWebhookIds',
  'findWebhooks',
  'getDelivery',
  'getEvent',
  'listDeliveries',
  'listDeliveriesOfEvent',
  'listEvents',
  'listWaiting',
  'listWebhooks',
  'readTallies',
  'sumTallies',
  'sumWaiting',
] as const satisfies readonly (keyof ColdOperations)[];

export type QuestionName = (typeof QUESTION_NAMES)[number];
