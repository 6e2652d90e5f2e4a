import { listOf, type PageQuery } from '../pages.ts';
import type { ActionName, RecordByAction } from '../records.ts';
import type { CallOptions, Read, Send } from '../request.ts';
import type { Delivery } from './deliveries.ts';

export interface ReportOptions extends CallOptions {
  readonly location?: number;
  /** The same key with the same request is the same report, for three days: with it, trying again is safe. */
  readonly idempotencyKey?: string;
}

/**
 * A record: an object, or the JSON itself as text or bytes, which keeps every digit and the order of
 * keys. Fields are those that the action's record has; all of them are optional here.
 */
export type ReportedRecord<A> =
  (A extends ActionName ? Partial<RecordByAction[A]> : object) | string | Uint8Array;

/** Which action: a name of the catalogue that the types know, another name, or a value. `{}` keeps the known ones in what an editor offers. */
export type ActionGiven = ActionName | (string & {}) | number;

export interface ReportedEvent {
  /** `evt_…` */
  readonly id: string;
  /** How many webhooks it goes to. */
  readonly deliveries: number;
}

export interface PostedEvent extends ReportedEvent {
  readonly action: string;
  readonly location: number | null;
  readonly test: boolean;
  readonly createdAt: string;
}

export interface EventWithDeliveries extends Omit<PostedEvent, 'deliveries'> {
  readonly deliveries: readonly Delivery[];
  /** Integers above 2^53 are rounded; `events.record` keeps them. */
  readonly record: Readonly<Record<string, unknown>>;
}

export interface EventQuery extends PageQuery {
  /** Name or value. */
  readonly action?: string;
  readonly location?: number;
  /** An instant, in RFC 3339 or epoch milliseconds. */
  readonly from?: Date | string | number;
  readonly to?: Date | string | number;
}

/** What took place. */
export function eventCalls(send: Send, read: Read) {
  return {
    /** Resolves when the event and all its deliveries are on disk. */
    async report<const A extends ActionGiven>(
      action: A,
      record: ReportedRecord<A>,
      options: ReportOptions = {},
    ): Promise<ReportedEvent> {
      const { events } = await post(action, record, 'application/json', options);
      return events[0]!;
    },

    /**
     * At most 1,000 records and 16 MiB, and 20,000 deliveries, kept as a whole or not at all; answers in
     * their order.
     */
    async reportMany<const A extends ActionGiven>(
      action: A,
      records: readonly ReportedRecord<A>[],
      options: ReportOptions = {},
    ): Promise<readonly ReportedEvent[]> {
      const lines = records.map(lineOf);
      return (await post(action, joined(lines), 'application/x-ndjson', options)).events;
    },

    /** Newest first. */
    list: (query: EventQuery = {}) => listOf<PostedEvent>(send, '/v1/events', query),

    get: (id: string, options?: CallOptions) =>
      send<EventWithDeliveries>('GET', `/v1/events/${encodeURIComponent(id)}`, options),

    /** The JSON as it was reported, with every digit. */
    record: (id: string, options?: CallOptions) =>
      read(`/v1/events/${encodeURIComponent(id)}/record`, options),
  };

  function post(
    action: string | number,
    body: object | string | Uint8Array,
    contentType: string,
    { location, idempotencyKey, ...options }: ReportOptions,
  ) {
    return send<{ events: readonly ReportedEvent[] }>(
      'POST',
      `/v1/events/${encodeURIComponent(action)}`,
      {
        ...options,
        body,
        query: { location },
        headers: {
          'content-type': contentType,
          ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
        },
      },
    );
  }
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;

/** In JSON a line break is always white space, as inside texts it is escaped: a space will do. */
function lineOf(record: object | string | Uint8Array): Uint8Array {
  if (record instanceof Uint8Array) {
    return record.map((byte) => (byte === LINE_FEED || byte === CARRIAGE_RETURN ? SPACE : byte));
  }
  const text = typeof record === 'string' ? record : JSON.stringify(record);
  return new TextEncoder().encode(text.replaceAll(/[\r\n]/g, ' '));
}

function joined(lines: readonly Uint8Array[]): Uint8Array {
  const body = new Uint8Array(lines.reduce((sum, line) => sum + line.length + 1, 0));
  let at = 0;
  for (const line of lines) {
    body.set(line, at);
    at += line.length;
    body[at++] = LINE_FEED;
  }
  return body;
}
