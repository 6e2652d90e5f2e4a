import { listOf, type PageQuery } from '../pages.ts';
import type { CallOptions, Send } from '../request.ts';
import type { Key, KeyInput, NewKey, Scope } from './keys.ts';

export interface App {
  readonly id: number;
  readonly name: string;
  readonly createdAt: string;
}

export interface AppWithKeys extends App {
  readonly keys: readonly Key[];
}

/** Clients with keys and a secret of their own; for operators. */
export function appCalls(send: Send) {
  return {
    create: (input: { readonly name: string }, options?: CallOptions) =>
      send<App>('POST', '/v1/apps', { ...options, body: input }),
    list: (query: PageQuery = {}) => listOf<App>(send, '/v1/apps', query),
    get: (id: number, options?: CallOptions) => send<AppWithKeys>('GET', `/v1/apps/${id}`, options),
    /** With its keys, its secret and its webhooks. */
    delete: (id: number, options?: CallOptions) => send<void>('DELETE', `/v1/apps/${id}`, options),
    /** `scopes`: by default its own webhooks and their log. */
    createKey: (app: number, input: KeyInput<Scope> = {}, options?: CallOptions) =>
      send<NewKey>('POST', `/v1/apps/${app}/keys`, { ...options, body: input }),
    revokeKey: (app: number, key: string, options?: CallOptions) =>
      send<void>('DELETE', `/v1/apps/${app}/keys/${encodeURIComponent(key)}`, options),
  };
}
