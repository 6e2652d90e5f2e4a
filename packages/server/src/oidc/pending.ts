import type { SecretBox } from '../settings/secret-box.ts';
import { openText, sealText } from '../settings/sealed-text.ts';

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
  return sealText(box, JSON.stringify(pending), BOUND_TO);
}

/** Null: it is none of ours, it was changed, or it is too old. `now` in epoch milliseconds. */
export function openPending(box: SecretBox, text: string, now: number): Pending | null {
  const opened = openText(box, text, BOUND_TO);
  const pending = opened === null ? null : (JSON.parse(opened) as Pending);
  return pending !== null && now < pending.endsAt ? pending : null;
}
