import { randomBytes } from 'node:crypto';

/** A secret that nobody has to think up: 256 random bits, as Standard Webhooks writes them. */
export function generateSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/** Below it, a signature that somebody saw can be used to try all secrets of a kind. */
const FEW_CHARACTERS = 16;
/** `aaaaaaaaaaaaaaaa` is long and no secret; 16 random hex digits have more than 6 nearly always. */
const FEW_DIFFERENT = 6;
/** What Standard Webhooks asks of a `whsec_` secret. */
const FEW_BYTES = 24;

/**
 * What makes a secret easy to guess, as a sentence without the secret; null: nothing that can be
 * seen. Whoever gets one call can try secrets against its signature, without asking anybody.
 */
export function weaknessOf(secret: string): string | null {
  const [, base64] = /^whsec_(.*)$/s.exec(secret) ?? [];
  if (base64 !== undefined && Buffer.from(base64, 'base64').length < FEW_BYTES)
    return `This secret has fewer than ${FEW_BYTES} bytes. ${ADVICE}`;
  const characters = Array.from(base64 ?? secret);
  if (characters.length < FEW_CHARACTERS)
    return `This secret has fewer than ${FEW_CHARACTERS} characters. ${ADVICE}`;
  if (new Set(characters).size < FEW_DIFFERENT)
    return `This secret has fewer than ${FEW_DIFFERENT} different characters. ${ADVICE}`;
  return null;
}

const ADVICE = 'It can be guessed by whoever sees a call: better let one be generated.';
