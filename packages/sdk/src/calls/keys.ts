import { listOf, type PageQuery } from '../pages.ts';
import type { CallOptions, Send } from '../request.ts';

/** What a key may do. */
export type Scope =
  | 'events:write'
  | 'events:read'
  | 'webhooks:read'
  | 'webhooks:write'
  | 'deliveries:read'
  | 'deliveries:resend'
  | 'settings:write'
  | 'audit:read';

export interface Key {
  readonly id: string;
  readonly name: string;
  /** Null: an operator's. */
  readonly app: number | null;
  /** It sees and changes what is there; null: at all locations. */
  readonly location: number | null;
  /** `*` is everything. */
  readonly scopes: readonly (Scope | '*')[];
  readonly createdAt: string;
  readonly expiresAt: string | null;
  /** The key that takes its place. */
  readonly successor: string | null;
  readonly lastUsedAt: string | null;
}

export interface NewKey extends Key {
  /** Shown this once. */
  readonly key: string;
}

export interface KeyInput<S> {
  readonly name?: string;
  readonly scopes?: readonly S[];
  readonly location?: number | null;
  /** RFC 3339. */
  readonly expiresAt?: string | null;
}

/** API keys; for operators. */
export function keyCalls(send: Send) {
  return {
    /** An operator's; `scopes`: by default everything. */
    create: (input: KeyInput<Scope | '*'> = {}, options?: CallOptions) =>
      send<NewKey>('POST', '/v1/keys', { ...options, body: input }),
    /** All that are in force, also those of apps. */
    list: (query: PageQuery = {}) => listOf<Key>(send, '/v1/keys', query),
    /** A successor; the old key is good for the overlap, by default `24h`. */
    rotate: (
      id: string,
      input: { readonly overlap?: string; readonly expiresAt?: string | null } = {},
      options?: CallOptions,
    ) =>
      send<NewKey>('POST', `/v1/keys/${encodeURIComponent(id)}/rotate`, {
        ...options,
        body: input,
      }),
    revoke: (id: string, options?: CallOptions) =>
      send<void>('DELETE', `/v1/keys/${encodeURIComponent(id)}`, options),
  };
}
