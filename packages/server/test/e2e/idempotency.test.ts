import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import { createWebhook, deliveriesOf, waitForStates, type WebhookAnswer } from '../asking.ts';
import { type ApiAnswer, type Started, startServer } from '../start.ts';

let server: Started;
let receiver: Receiver;
let webhook: WebhookAnswer;
beforeAll(async () => {
  receiver = await openReceiver();
  server = await startServer();
  webhook = await createWebhook(server, { url: receiver.url });
});
afterAll(async () => {
  await server.stop();
  await receiver.close();
});

interface Ask {
  readonly key: string;
  readonly body?: string;
  readonly action?: string;
  readonly query?: string;
  readonly headers?: Record<string, string>;
}

const ask = ({ key, body = '{"Id":1}', action = 'BookingCreate', query = '', headers }: Ask) =>
  server.api('POST', `/v1/events/${action}${query}`, body, { 'idempotency-key': key, ...headers });

const eventsOf = ({ json }: ApiAnswer) => (json as { events: { id: string }[] }).events;
const NDJSON = { 'content-type': 'application/x-ndjson' };

it('gives the first answer again for the same key and body, marked as a replay', async () => {
  const key = randomUUID();
  const before = (await deliveriesOf(server, webhook.id)).length;
  const first = await ask({ key });
  const again = await ask({ key });
  expect(first.status).toBe(202);
  expect(first.headers.get('idempotency-replayed')).toBeNull();
  expect(again.status).toBe(202);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(again.json).toStrictEqual(first.json);
  expect(await deliveriesOf(server, webhook.id)).toHaveLength(before + 1);
});

it.each<[string, Partial<Ask>]>([
  ['another body', { body: '{"Id":2}' }],
  ['the same JSON in other bytes', { body: '{"Id": 1}' }],
  ['another action', { action: 'BookingUpdate' }],
  ['another location', { query: '?location=5' }],
])('refuses the same key with %s as a conflict', async (_title, other) => {
  const key = randomUUID();
  await ask({ key });
  const before = (await deliveriesOf(server, webhook.id)).length;
  const answer = await ask({ key, ...other });
  expect(answer.json).toMatchObject({ status: 409, code: 'idempotency_conflict' });
  expect(await deliveriesOf(server, webhook.id)).toHaveLength(before);
  expect((await ask({ key })).status).toBe(202);
});

it('makes one event of twenty requests that arrive at the same moment', async () => {
  const key = randomUUID();
  const before = (await deliveriesOf(server, webhook.id)).length;
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask({ key })));
  expect(answers.map(({ status }) => status)).toStrictEqual(Array(20).fill(202));
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  const replays = answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true');
  expect(replays).toHaveLength(19);
  expect(await waitForStates(server, webhook.id, ['delivered'])).toHaveLength(before + 1);
});

it('takes one of two bodies that arrive with the same key at the same moment', async () => {
  const key = randomUUID();
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => ask({ key, body: `{"Id":${i % 2}}` })),
  );
  expect(answers.filter(({ status }) => status === 202)).toHaveLength(10);
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(10);
});

it('covers a whole batch', async () => {
  const key = randomUUID();
  const body = '{"Id":1}\n{"Id":2}\n{"Id":3}';
  const first = await ask({ key, body, headers: NDJSON });
  const again = await ask({ key, body, headers: NDJSON });
  expect(eventsOf(first)).toHaveLength(3);
  expect(again.json).toStrictEqual(first.json);
  const other = await ask({ key, body: '{"Id":1}\n{"Id":2}', headers: NDJSON });
  expect(other.status).toBe(409);
  const splitElsewhere = await ask({ key, body: '{"Id":1}', headers: NDJSON });
  expect(splitElsewhere.status).toBe(409);
});

it('does not remember a request that was refused', async () => {
  const key = randomUUID();
  expect((await ask({ key, body: '{"Id":' })).status).toBe(400);
  expect((await ask({ key })).headers.get('idempotency-replayed')).toBeNull();
});

it('keeps the keys of different apps apart', async () => {
  const key = randomUUID();
  const callers = await Promise.all(
    ['One', 'Two'].map(async (name) => {
      const app = await server.api('POST', '/v1/apps', { name });
      const made = await server.api('POST', `/v1/apps/${app.json.id}/keys`, {
        scopes: ['events:write'],
      });
      return { authorization: `Bearer ${made.json.key}` };
    }),
  );
  const answers = [
    await ask({ key }),
    await ask({ key, headers: callers[0]! }),
    await ask({ key, headers: callers[1]!, body: '{"Id":2}' }),
  ];
  expect(answers.map(({ status }) => status)).toStrictEqual([202, 202, 202]);
  expect(new Set(answers.flatMap((one) => eventsOf(one).map(({ id }) => id))).size).toBe(3);
});

it.each([
  ['with a space', 'a b'],
  ['of 201 characters', 'k'.repeat(201)],
  ['that is empty', ''],
])('refuses a key %s and names the header', async (_title, key) => {
  const answer = await ask({ key });
  expect(answer.json).toMatchObject({ status: 400, field: 'idempotency-key' });
});
