/** What a receiver does with calls, until it is told otherwise. */
export type Behaviour =
  | { readonly kind: 'ok'; readonly delayMs?: number }
  /** Answers 500 to the first call of every `oneIn`-th delivery, and 200 to all others. */
  | { readonly kind: 'flaky'; readonly oneIn: number }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** A character for each byte. */
      readonly body?: string;
    }
  /** Takes the call and never answers. */
  | { readonly kind: 'hang' }
  /** Takes the call and breaks the connection. */
  | { readonly kind: 'reset' }
  /** Nobody listens on its port. */
  | { readonly kind: 'refuse' };

/** One call as a receiver got it. */
export interface Receipt {
  readonly receiver: string;
  readonly at: number;
  /** `webhook-id`: names the delivery. */
  readonly delivery: string;
  readonly event: string;
  readonly attempt: number;
  readonly record: string;
  readonly sha256: string;
  /** Whether it carries a signature at all, and whether that is right. */
  readonly hasSignature: boolean;
  readonly isSigned: boolean;
  /** How far `webhook-timestamp` was from the true time, in seconds. */
  readonly skewS: number;
  readonly connection: number;
  /** What it was answered; null: nothing. */
  readonly status: number | null;
}

/** How many calls a receiver has had, has now, and had at once at most. */
export interface CallCount {
  calls: number;
  open: number;
  mostOpen: number;
}
