import { hash, randomBytes } from 'node:crypto';

/** A random text that opens something once it is shown again, and what the store keeps of it. */
export interface Token {
  /** Holds 256 random bits; by itself they are all of it, in base64url, 43 characters. */
  readonly text: string;
  readonly hash: string;
}

export function newToken(): Token {
  const text = randomBytes(32).toString('base64url');
  return { text, hash: hashOf(text) };
}

/** SHA-256 in hex. Nobody guesses 256 bits, so a fast hash is enough. */
export function hashOf(text: string): string {
  return hash('sha256', text, 'hex');
}
