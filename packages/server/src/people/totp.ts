import { Secret, TOTP } from 'otpauth';

/** A code is good for its 30 seconds and, since clocks and fingers differ, for those beside them. */
const WINDOW = 1;
const PERIOD_S = 30;
/** As long as the hash, as RFC 4226 advises. */
const SECRET_BYTES = 20;

/** A new secret for codes, in base32. */
export function newTotpSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32;
}

/** What an authenticator reads from a QR code. */
export function totpUrl(secret: string, email: string): string {
  return totpOf(secret, email).toString();
}

/**
 * The step of the clock that a code belongs to; null if it is none of those around `now`. Whoever
 * asks must let each step count once.
 */
export function totpStep(secret: string, code: string, now: number): number | null {
  const delta = totpOf(secret, '').validate({ token: code, timestamp: now, window: WINDOW });
  return delta === null ? null : Math.floor(now / 1000 / PERIOD_S) + delta;
}

/** SHA-1 and six digits: authenticators know nothing else for certain. */
function totpOf(secret: string, label: string): TOTP {
  return new TOTP({
    issuer: 'Posthorn',
    label: label === '' ? 'Posthorn' : label,
    algorithm: 'SHA1',
    digits: 6,
    period: PERIOD_S,
    secret: Secret.fromBase32(secret),
  });
}
