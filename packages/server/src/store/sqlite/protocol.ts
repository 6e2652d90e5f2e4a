/** What the main thread and the store's thread say to each other. */
export interface Request {
  readonly id: number;
  readonly operation: string;
  readonly input: unknown;
  /** By the clock of the main thread, so that both agree on what is due. */
  readonly now: number;
}

export type Response =
  | { readonly id: number; readonly result: unknown }
  | {
      readonly id: number;
      readonly error: { readonly message: string; readonly unavailable: boolean };
    }
  /** The first message: the store is open, or why it is not. */
  | {
      readonly ready: true;
      readonly tag: string;
      /** The latest instant at which something was written, as far as the store tells. */
      readonly latest: number;
    }
  | { readonly ready: false; readonly message: string };

export interface ThreadInput {
  readonly file: string;
  /** Pages of the file at most: a disk of a known size, for tests. */
  readonly maxPages: number | null;
}
