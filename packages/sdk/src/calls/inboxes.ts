import { listOf, type PageQuery } from '../pages.ts';
import type { CallOptions, Send } from '../request.ts';
import type { SecretScope } from './secrets.ts';

export interface Inbox {
  readonly id: string;
  /** Where it receives; whoever knows it may send. */
  readonly url: string;
  readonly secretScope: SecretScope;
  readonly createdAt: string;
}

/** An inbox in the list. */
export interface ListedInbox extends Inbox {
  /** How many it keeps; at most the newest 200. */
  readonly requests: number;
  readonly lastRequestAt: string | null;
}

export type SignatureVerdict = 'valid' | 'invalid' | 'missing' | 'no_secret';

export interface InboxRequest {
  readonly number: number;
  readonly receivedAt: string;
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  readonly encoding: 'utf8' | 'base64';
  readonly signature: {
    readonly nexudus: SignatureVerdict;
    readonly standard: SignatureVerdict;
  };
}

/** Receivers inside the service, for trying webhooks out. */
export function inboxCalls(send: Send) {
  return {
    /** `secretScope`: whose secret the requests are checked with. */
    create: (input: { readonly secretScope?: SecretScope } = {}, options?: CallOptions) =>
      send<Inbox>('POST', '/v1/inboxes', { ...options, body: input }),
    /** Newest first. */
    list: (query: PageQuery = {}) => listOf<ListedInbox>(send, '/v1/inboxes', query),
    get: (id: string, options?: CallOptions) =>
      send<Inbox>('GET', `/v1/inboxes/${encodeURIComponent(id)}`, options),
    /** Newest first. */
    requests: (id: string, query: PageQuery = {}) =>
      listOf<InboxRequest>(send, `/v1/inboxes/${encodeURIComponent(id)}/requests`, query),
    delete: (id: string, options?: CallOptions) =>
      send<void>('DELETE', `/v1/inboxes/${encodeURIComponent(id)}`, options),
  };
}
