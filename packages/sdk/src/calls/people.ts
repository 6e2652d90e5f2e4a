import { listOf, type PageQuery } from '../pages.ts';
import type { CallOptions, Send } from '../request.ts';
import type { Role } from './session.ts';

/** Somebody who signs in. */
export interface Person {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** Null: all. */
  readonly locations: readonly number[] | null;
  /** Whether signing in wants a code as well. */
  readonly totp: boolean;
  /** Whether they have chosen a password. */
  readonly joined: boolean;
  readonly createdAt: string;
  readonly lastSignIn: string | null;
}

export interface NewPerson extends Person {
  /** By which they choose a password: good once, for 3 days, and shown this once. */
  readonly link: string;
}

export interface PersonInput {
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  /** Must be given but for an operator; null is all. */
  readonly locations?: readonly number[] | null;
}

export interface PersonChange extends Partial<PersonInput> {
  /** False: takes the second factor away, for somebody who lost it. */
  readonly totp?: false;
}

/** The people who may sign in; for operators. */
export function peopleCalls(send: Send) {
  return {
    create: (input: PersonInput, options?: CallOptions) =>
      send<NewPerson>('POST', '/v1/people', { ...options, body: input }),
    list: (query: PageQuery = {}) => listOf<Person>(send, '/v1/people', query),
    get: (id: number, options?: CallOptions) => send<Person>('GET', `/v1/people/${id}`, options),
    /** All but another name ends their sessions. */
    change: (id: number, change: PersonChange, options?: CallOptions) =>
      send<Person>('PATCH', `/v1/people/${id}`, { ...options, body: change }),
    remove: (id: number, options?: CallOptions) =>
      send<void>('DELETE', `/v1/people/${id}`, options),
    /** Another link, also for a forgotten password; the one before is over. */
    link: (id: number, options?: CallOptions) =>
      send<{ readonly link: string }>('POST', `/v1/people/${id}/link`, options),
  };
}
