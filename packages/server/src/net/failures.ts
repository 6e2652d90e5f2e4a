import type { Refusal } from './guard.ts';

/** The guard does not let this connection be made. The message is safe to show to anybody. */
export class BlockedAddress extends Error {
  override readonly name = 'BlockedAddress';
  readonly code = 'blocked_address';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.reason);
    this.refusal = refusal;
  }
}

/**
 * The name of the receiver could not be resolved. `code` is the resolver's own (`ENOTFOUND`,
 * `EAI_AGAIN`, …), `ENODATA` for an answer without addresses, and `dns_timeout` when no answer
 * came within the time to connect.
 */
export class DnsFailure extends Error {
  override readonly name = 'DnsFailure';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
