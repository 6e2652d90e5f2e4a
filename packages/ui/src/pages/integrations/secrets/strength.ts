import { texts } from '../../../texts/texts.ts';

/** As the service judges a secret when it is set; here while it is typed. */
const FEW_CHARACTERS = 16;
const FEW_DIFFERENT = 6;

/** Why a secret is easy to guess, in words; null: nothing that can be seen. */
export function weaknessOf(secret: string): string | null {
  const characters = Array.from(secret.replace(/^whsec_/, ''));
  const words = texts.integrations.weak;
  if (characters.length < FEW_CHARACTERS) return words.short(FEW_CHARACTERS);
  if (new Set(characters).size < FEW_DIFFERENT) return words.monotonous(FEW_DIFFERENT);
  return null;
}

/** A secret of 256 random bits, as Standard Webhooks writes them. */
export function generateSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return `whsec_${btoa(String.fromCharCode(...bytes))}`;
}
