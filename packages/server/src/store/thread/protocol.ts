/** What the main thread and a store's thread say to each other. */
export interface Request {
  readonly id: number;
  readonly operation: string;
  readonly input: unknown;
}

export type Response =
  | { readonly id: number; readonly result: unknown }
  | {
      readonly id: number;
      readonly error: { readonly message: string; readonly unavailable: boolean };
    }
  /** The first message: the store is open, or why it is not. */
  | { readonly ready: true; readonly tag: string }
  | { readonly ready: false; readonly message: string };

/** The request after which a thread ends. */
export const CLOSE = 'close';
