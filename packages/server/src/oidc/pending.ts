import type { SecretBox } from '../settings/secret-box.ts';

/** How long somebody may take at the provider: long enough to find the phone. */
export const PENDING_MS = 10 * 60_000;

/** A sign-in that was begun: what the answer of the provider has to fit. */
export interface Pending {
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE: shows that whoever ends the sign-in has begun it. */
  readonly verifier: string;
  /** The hash of the token that the browser has already; its session ends. */
  readonly replaces: string | null;
  /** Epoch milliseconds. */
  readonly endsAt: number;
}

const BOUND_TO = 'oidc-pending';

/** As it travels with the browser, which can neither read nor change it. */
export function sealPending(box: SecretBox, pending: Pending): string {
  const { keyId, sealed } = box.seal(JSON.stringify(pending), BOUND_TO);
  return `${keyId}.${Buffer.from(sealed).toString('base64url')}`;
}

/** Null: it is none of ours, it was changed, or it is too old. `now` in epoch milliseconds. */
export function openPending(box: SecretBox, text: string, now: number): Pending | null {
  const [keyId = '', sealed = ''] = text.split('.');
  try {
    const opened = box.open({ keyId, sealed: Buffer.from(sealed, 'base64url') }, BOUND_TO);
    const pending = JSON.parse(opened) as Pending;
    return now < pending.endsAt ? pending : null;
  } catch {
    // Whoever sends something else learns no more than that it does not open.
    return null;
  }
}
