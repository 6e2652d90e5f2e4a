import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { lineOf, RECORD_PROBLEMS, recordProblem, splitLines } from '../../accept/record.ts';
import type { Catalogue } from '../../catalogue/catalogue.ts';
import type { Principal } from '../../settings/principal.ts';
import type { Bounds } from '../../store/bounds.ts';
import { MAX_DELIVERIES } from '../../store/operations/allowance.ts';
import type { StoredEvent } from '../../store/operations/events.ts';
import { keyTime } from '../../store/keys.ts';
import type { PublicIds } from '../../store/public-id.ts';
import { failpoint } from '../../telemetry/failpoint.ts';
import { authorize, boundLocation } from '../authorize.ts';
import { bodyTypeOf } from '../content-type.ts';
import type { ApiNeeds } from '../context.ts';
import { instant, page, PAGE, readCursor, readInstant } from '../paging.ts';
import { AppError } from '../problem.ts';
import { requireAction } from '../require-action.ts';
import { deliveryView } from './delivery-view.ts';

/** Records of one NDJSON request. */
const MAX_RECORDS = 1000;
/** Bytes of one NDJSON request: as many full records as one commit should carry. */
const MAX_BATCH_BYTES = 16 * 1024 * 1024;

const BODY_TYPES = ['application/json', 'application/x-ndjson'] as const;

declare module 'fastify' {
  interface FastifyRequest {
    /** Who reports; null: this is no report. */
    reporter: Principal | null;
  }
}

type EventsNeeds = Pick<ApiNeeds, 'accept' | 'catalogue' | 'config' | 'keys' | 'metrics' | 'store'>;

/** Reporting actions, and asking what took place. */
export function eventRoutes(needs: EventsNeeds): FastifyPluginAsyncTypebox {
  const { accept, catalogue, config, keys, metrics, store } = needs;

  return async (app) => {
    // Bodies stay bytes here: a record is never parsed and printed again.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer', bodyLimit: config.maxRecordBytes },
      (_request, body, done) => done(null, body),
    );
    app.addContentTypeParser(
      'application/x-ndjson',
      { parseAs: 'buffer', bodyLimit: MAX_BATCH_BYTES },
      (_request, body, done) => done(null, body),
    );
    app.decorateRequest('reporter', null);

    app.post(
      '/v1/events/:action',
      {
        // Before a byte of the body is read: no stranger has megabytes kept for them.
        onRequest(request, _reply, done) {
          request.reporter = authorize(keys, request, 'events:write');
          done();
        },
        // A page of headers for browsers costs as much as the rest of the answer; no browser asks.
        helmet: false,
        schema: {
          tags: ['events'],
          summary: 'Report that an action took place',
          description:
            'The body is the record, kept byte for byte; or one record per line, at most 1,000, all or nothing. 202 means that the events and all their deliveries are on disk.',
          params: Type.Object({ action: Type.String({ maxLength: 100 }) }),
          querystring: Type.Object({ location: Type.Optional(LOCATION) }),
          headers: Type.Object({
            'idempotency-key': Type.Optional(
              Type.String({ minLength: 1, maxLength: 200, pattern: '^[\\x21-\\x7e]+$' }),
            ),
          }),
          response: {
            202: Type.Object({
              events: Type.Array(Type.Object({ id: Type.String(), deliveries: Type.Integer() })),
            }),
          },
        },
      },
      async (request, reply) => {
        const principal = request.reporter!;
        const action = requireAction(catalogue, request.params.action);
        const type = bodyTypeOf(request.headers['content-type'], BODY_TYPES);
        const isBatch = type === 'application/x-ndjson';
        const records = readRecords(
          request.body as Buffer | undefined,
          isBatch,
          config.maxRecordBytes,
        );
        const key = request.headers['idempotency-key'];
        const accepted = await accept.accept({
          action: action.value,
          location: boundLocation(principal, request.query.location) ?? null,
          records,
          idempotency: key === undefined ? null : { scope: principal.caller, key },
        });
        if (!accepted) throw new AppError('overloaded', 'Nothing was stored. Try again.');
        if (accepted.kind === 'conflict') {
          throw new AppError(
            'idempotency_conflict',
            'This Idempotency-Key came with another action, location or body before.',
            'idempotency-key',
          );
        }
        if (accepted.kind === 'too-many') {
          const { webhooks } = accepted;
          const most = Math.max(1, Math.floor(MAX_DELIVERIES / webhooks));
          throw new AppError(
            'too_many_deliveries',
            `Each of these records goes to ${webhooks} webhooks: send at most ${most} at once.`,
          );
        }
        failpoint('accept:before-answer');
        if (accepted.kind === 'repeated') reply.header('idempotency-replayed', 'true');
        else metrics.eventsAccepted(records.length);
        return answer(reply, accepted.events, store.ids);
      },
    );

    app.get(
      '/v1/events',
      {
        schema: {
          tags: ['events'],
          summary: 'What took place, newest first',
          querystring: Type.Object({
            ...PAGE,
            action: Type.Optional(Type.String()),
            location: Type.Optional(LOCATION),
            from: Type.Optional(Type.String()),
            to: Type.Optional(Type.String()),
          }),
        },
      },
      async (request) => {
        const principal = authorize(keys, request, 'events:read');
        const { limit = 50, action, location, from, to, cursor } = request.query;
        const rows = await store.listEvents({
          before: readCursor(cursor, Number.MAX_SAFE_INTEGER),
          limit,
          bounds: principal,
          action: action === undefined ? undefined : requireAction(catalogue, action).value,
          location,
          from: readInstant(from, 'from'),
          to: readInstant(to, 'to'),
        });
        return page(
          rows,
          limit,
          (row) => row.key,
          (row) => eventView(row, catalogue, store.ids),
        );
      },
    );

    app.get(
      '/v1/events/:id',
      {
        schema: {
          tags: ['events'],
          summary: 'One event with its record and its deliveries',
          params: Type.Object({ id: Type.String() }),
        },
      },
      async (request, reply) => {
        const principal = authorize(keys, request, 'events:read');
        const event = await requireEvent(request.params.id, principal);
        const deliveries = await store.listDeliveriesOfEvent({
          eventKey: event.key,
          deliveries: event.deliveries,
          bounds: principal,
        });
        const view = {
          ...eventView(event, catalogue, store.ids),
          deliveries: deliveries.map((row) => deliveryView(row, catalogue, store.ids)),
        };
        return reply.type('application/json').send(withRecord(view, event.record));
      },
    );

    app.get(
      '/v1/events/:id/record',
      {
        schema: {
          tags: ['events'],
          summary: 'The record of one event, byte for byte as it was reported',
          params: Type.Object({ id: Type.String() }),
        },
      },
      async (request, reply) => {
        const principal = authorize(keys, request, 'events:read');
        const { record } = await requireEvent(request.params.id, principal);
        const bytes = Buffer.from(record.buffer, record.byteOffset, record.byteLength);
        return reply.type('application/json').send(bytes);
      },
    );
  };
  async function requireEvent(id: string, bounds: Bounds) {
    const key = store.ids.eventKey(id);
    const event = key === undefined ? undefined : await store.getEvent({ key, bounds });
    if (!event) throw new AppError('not_found', 'There is no such event.');
    return event;
  }
}

export const LOCATION = Type.Integer({
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'The id of a location',
});

function readRecords(given: Buffer | undefined, isOnePerLine: boolean, maxBytes: number): Buffer[] {
  const body = given ?? Buffer.alloc(0);
  const records = isOnePerLine ? splitLines(body) : [body];
  if (records.length === 0) throw new AppError('no_records', 'Send one record per line.');
  if (records.length > MAX_RECORDS) {
    throw new AppError('too_many_records', `Send at most ${MAX_RECORDS} records at once.`);
  }
  for (const record of records) {
    const field = () => (isOnePerLine ? `line ${lineOf(record, body)}` : 'body');
    if (record.length > maxBytes) {
      throw new AppError(
        'too_large',
        `${field()}: a record has at most ${maxBytes} bytes`,
        field(),
      );
    }
    const problem = recordProblem(record);
    if (problem) throw new AppError(problem, `${field()}: ${RECORD_PROBLEMS[problem]}`, field());
  }
  return records;
}

function answer(
  reply: FastifyReply,
  events: readonly (readonly [key: number, deliveries: number])[],
  ids: PublicIds,
) {
  reply.code(202);
  return { events: events.map(([key, deliveries]) => ({ id: ids.event(key), deliveries })) };
}

export function eventView(row: StoredEvent, catalogue: Catalogue, ids: PublicIds) {
  return {
    id: ids.event(row.key),
    action: catalogue.actionName(row.action),
    location: row.location,
    test: row.isTest,
    createdAt: instant(keyTime(row.key)),
    deliveries: row.deliveries as unknown,
  };
}

/** Puts the record's own bytes into an answer: numbers keep their digits. */
export function withRecord(view: object, record: Uint8Array): string {
  const text = Buffer.from(record.buffer, record.byteOffset, record.byteLength).toString();
  return `${JSON.stringify(view).slice(0, -1)},"record":${text}}`;
}
