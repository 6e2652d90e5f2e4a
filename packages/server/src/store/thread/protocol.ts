/** What the main thread and a store's thread say to each other. */
export interface Request {
  readonly id: number;
  readonly operation: string;
  readonly input: unknown;
  /**
   * By the clock of the main thread, so that both agree on what is due. A store that several nodes
   * share goes by its own.
   */
  readonly now: number;
}

export type Response =
  | { readonly id: number; readonly result: unknown }
  | {
      readonly id: number;
      readonly error: { readonly message: string; readonly unavailable: boolean };
    }
  /** See Store.disturbances. */
  | { readonly disturbances: number }
  /** The first message: the store is open, or why it is not. */
  | ({ readonly ready: true } & OpenedStore)
  | { readonly ready: false; readonly message: string };

export interface OpenedStore {
  readonly tag: string;
  /** The latest instant at which something was written, as far as the store tells. */
  readonly latest: number;
}

/** The request after which a thread ends. */
export const CLOSE = 'close';
