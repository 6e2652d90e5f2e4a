import type { SignAsymmetric } from './sign-asymmetric.ts';
import { signNexudus, signStandard } from './sign.ts';

export interface HeadersInput {
  /** As `composeBody` makes it. Signed and sent as it is, it must not change meanwhile. */
  readonly body: Buffer;
  /** The `webhook-id`: the same in all attempts of a delivery; of `[A-Za-z0-9_-]`. */
  readonly deliveryId: string;
  readonly eventId: string;
  /** The name of the action. */
  readonly action: string;
  /** From 1. */
  readonly attemptNumber: number;
  /** The first signs for Nexudus, all sign for Standard Webhooks; none: none of both. */
  readonly secrets: readonly string[];
  /** A call to try a webhook out, marked as such. */
  readonly test?: boolean;
}

/** @returns Name and value alternating, as undici takes them and as the log keeps them. */
export type RequestHeaders = (input: HeadersInput, startedAt: number) => string[];

/**
 * Writes the headers of a call, its signatures included. With `signAsymmetric` every call has that
 * signature as well, also where no secret applies.
 */
export function createRequestHeaders(
  version: string,
  signAsymmetric: SignAsymmetric | null,
): RequestHeaders {
  const userAgent = `Posthorn/${version}`;

  return (input, startedAt) => {
    const { secrets, body, deliveryId } = input;
    const timestamp = String(Math.floor(startedAt / 1000));
    const headers = [
      'content-type',
      'application/json',
      'user-agent',
      userAgent,
      'accept-encoding',
      'identity',
      'webhook-id',
      deliveryId,
      'webhook-timestamp',
      timestamp,
      'posthorn-action',
      input.action,
      'posthorn-event',
      input.eventId,
      'posthorn-attempt',
      String(input.attemptNumber),
    ];
    const [first] = secrets;
    if (first !== undefined) headers.push('X-Nexudus-Hook-Signature', signNexudus(first, body));
    let signature = signStandard(secrets, deliveryId, timestamp, body);
    if (signAsymmetric !== null) {
      const entries = signAsymmetric(deliveryId, timestamp, body);
      signature = [signature, entries].filter((entry) => entry !== '').join(' ');
    }
    if (signature !== '') headers.push('webhook-signature', signature);
    if (input.test === true) headers.push('posthorn-test', 'true');
    return headers;
  };
}
