import { listOf, type PageQuery } from '../pages.ts';
import type { CallOptions, Send } from '../request.ts';

export interface Location {
  readonly id: number;
  /** Null: nobody gave it one. */
  readonly name: string | null;
}

/** Spaces: known by their id as soon as somebody mentions them. */
export function locationCalls(send: Send) {
  return {
    list: (query: PageQuery = {}) => listOf<Location>(send, '/v1/locations', query),
    put: (id: number, input: { readonly name: string }, options?: CallOptions) =>
      send<Location>('PUT', `/v1/locations/${id}`, { ...options, body: input }),
  };
}
