import type { CallOptions, Send } from '../request.ts';
import type { Session } from './session.ts';

export interface MeChange {
  readonly name?: string;
  /** Another password; `wrong_password` unless the current one is right. */
  readonly password?: { readonly current: string; readonly new: string };
}

/** What an authenticator app needs. */
export interface TotpProposal {
  /** In base32, for those who type it. */
  readonly secret: string;
  /** `otpauth://…`, for a QR code. */
  readonly url: string;
}

/** What people change about themselves; needs the cookie of a person, an API key will not do. */
export function meCalls(send: Send) {
  return {
    /** Another password ends all other sessions. */
    change: (change: MeChange, options?: CallOptions) =>
      send<Session>('PATCH', '/v1/me', { ...options, body: change }),
    /** A secret for an authenticator app; nothing is asked for before `startTotp`. */
    proposeTotp: (options?: CallOptions) => send<TotpProposal>('POST', '/v1/me/totp', options),
    /** With a code of the app: from now on signing in asks for one. Ends all other sessions. */
    startTotp: (
      input: { readonly code: string; readonly password: string },
      options?: CallOptions,
    ) => send<Session>('PUT', '/v1/me/totp', { ...options, body: input }),
    /** Ends all other sessions. */
    stopTotp: (input: { readonly password: string }, options?: CallOptions) =>
      send<Session>('DELETE', '/v1/me/totp', { ...options, body: input }),
  };
}
