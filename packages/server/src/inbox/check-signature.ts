import { timingSafeEqual } from 'node:crypto';
import { signNexudus, signStandard } from '../attempt/sign.ts';

/** What a request's signatures are worth: against the secret that applies, or none. */
export interface SignatureCheck {
  /** `valid`, `invalid`, `missing` (a secret applies, no header came), `no_secret`. */
  readonly nexudus: SignatureVerdict;
  readonly standard: SignatureVerdict;
}

type SignatureVerdict = 'valid' | 'invalid' | 'missing' | 'no_secret';

/** Checks both headers over the raw body, each by its own recipe, in constant time. */
export function checkSignature(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: Buffer,
  secrets: readonly string[],
): SignatureCheck {
  const [secret] = secrets;
  if (secret === undefined) return { nexudus: 'no_secret', standard: 'no_secret' };
  const id = String(headers['webhook-id']);
  const timestamp = Number(headers['webhook-timestamp']);
  return {
    nexudus: compare(headers['x-nexudus-hook-signature'], signNexudus(secret, body)),
    standard: compare(headers['webhook-signature'], signStandard([secret], id, timestamp, body)),
  };
}

function compare(given: string | string[] | undefined, expected: string): SignatureVerdict {
  if (typeof given !== 'string') return 'missing';
  const wanted = Buffer.from(expected);
  return given.split(' ').some((one) => {
    const bytes = Buffer.from(one);
    return bytes.length === wanted.length && timingSafeEqual(bytes, wanted);
  })
    ? 'valid'
    : 'invalid';
}
