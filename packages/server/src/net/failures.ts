import type { CertificateProblem } from './certificate.ts';
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

/**
 * The handshake was complete, but the certificate is not accepted: nothing was sent and nothing of
 * the connection is kept. `code` is that of the error that refused it.
 */
export class UntrustedCertificate extends Error {
  override readonly name = 'UntrustedCertificate';
  readonly code: string;
  readonly problem: CertificateProblem;

  constructor(problem: CertificateProblem, options?: ErrorOptions) {
    super(`the certificate of ${problem.host} is not accepted (${problem.code})`, options);
    this.code = problem.code;
    this.problem = problem;
  }
}
