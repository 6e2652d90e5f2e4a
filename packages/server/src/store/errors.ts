/**
 * The store cannot write or answer now: disk full, I/O error, closed. Nothing was changed.
 * The API turns it into 503 with `Retry-After`; the engine tries again.
 */
export class StoreUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreUnavailable';
  }
}

/**
 * What a transaction read does not hold any more: another one came in between. It is undone, and run
 * again.
 */
export class Conflict extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Conflict';
  }
}
