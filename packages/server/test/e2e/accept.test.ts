import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import { createWebhook, deliveriesOf, type WebhookAnswer } from '../asking.ts';
import { type ApiAnswer, type Started, startServer } from '../start.ts';

const MAX_BYTES = 262_144;
const NDJSON = { 'content-type': 'application/x-ndjson' };

let server: Started;
let receiver: Receiver;
let webhook: WebhookAnswer;
beforeAll(async () => {
  receiver = await openReceiver();
  server = await startServer();
  webhook = await createWebhook(server, { url: receiver.url, actions: ['BookingCreate'] });
});
afterAll(async () => {
  await server.stop();
  await receiver.close();
});

const accept = (body: unknown, headers?: Record<string, string>, action = 'BookingCreate') =>
  server.api('POST', `/v1/events/${action}`, body, headers);

async function countEvents(): Promise<number> {
  const { json } = await server.api('GET', '/v1/events?limit=500');
  return (json as { items: unknown[] }).items.length;
}

/** The answer to something that must not be kept. */
async function refused(ask: () => Promise<ApiAnswer>): Promise<ApiAnswer> {
  const before = [await countEvents(), (await deliveriesOf(server, webhook.id)).length];
  const answer = await ask();
  expect([await countEvents(), (await deliveriesOf(server, webhook.id)).length]).toStrictEqual(
    before,
  );
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.json).toMatchObject({ status: answer.status, instance: expect.any(String) });
  expect(answer.json.title).toBeTypeOf('string');
  return answer;
}

/** An object nested `levels` deep, itself included. */
const nested = (levels: number) => `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`;
const sized = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`;

describe('one record', () => {
  it('is answered 202 with the event and its number of deliveries, and arrives', async () => {
    const before = receiver.requests.length;
    const answer = await accept('{"Id":1,"ResourceName":"Room Oak"}');
    expect(answer.status).toBe(202);
    expect(answer.json).toStrictEqual({
      events: [{ id: expect.stringMatching(/^evt_[0-9a-z]+$/), deliveries: 1 }],
    });
    await receiver.waitFor(before + 1);
    expect(receiver.requests.at(-1)!.body.toString()).toBe('[{"Id":1,"ResourceName":"Room Oak"}]');
  });

  it.each(['BookingCreate', 'bookingcreate', '6'])('knows the action %s', async (action) => {
    const { status, json } = await accept('{"Id":2}', {}, action);
    expect(status).toBe(202);
    const event = await server.api('GET', `/v1/events/${json.events[0].id}`);
    expect(event.json).toMatchObject({ action: 'BookingCreate', record: { Id: 2 } });
  });

  it('is kept also when no webhook asked for it', async () => {
    const { json } = await accept('{"Id":3}', {}, 'TariffCreate');
    expect(json.events).toMatchObject([{ deliveries: 0 }]);
  });

  it.each([
    ['application/json; charset=utf-8'],
    ['Application/JSON'],
    ['application/json;charset="UTF-8"'],
  ])('may come as %s', async (type) => {
    expect((await accept('{"Id":4}', { 'content-type': type })).status).toBe(202);
  });

  it('may have exactly the largest size and the deepest nesting', async () => {
    expect((await accept(sized(MAX_BYTES))).status).toBe(202);
    expect((await accept(nested(64))).status).toBe(202);
  });

  it.each<[string, string | Uint8Array, number, string]>([
    ['a byte too many', sized(MAX_BYTES + 1), 413, 'too_large'],
    ['a level too many', nested(65), 400, 'too_deep'],
    ['100,000 levels', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 400, 'too_deep'],
    ['invalid UTF-8', Buffer.from('7b2261223a22ff227d', 'hex'), 400, 'invalid_utf8'],
    ['an overlong encoding', Buffer.from('7b2261223a22c0af227d', 'hex'), 400, 'invalid_utf8'],
    ['a surrogate in UTF-8', Buffer.from('7b2261223a22eda080227d', 'hex'), 400, 'invalid_utf8'],
    ['a byte order mark', '\u{feff}{"a":1}', 400, 'invalid_json'],
    ['UTF-16', Buffer.from('{"a":1}', 'utf16le'), 400, 'invalid_json'],
    ['broken JSON', '{"a":1', 400, 'invalid_json'],
    ['a trailing comma', '{"a":1,}', 400, 'invalid_json'],
    ['two objects', '{"a":1}{"a":2}', 400, 'invalid_json'],
    ['a comment', '{"a":1/* one */}', 400, 'invalid_json'],
    ['NaN', '{"a":NaN}', 400, 'invalid_json'],
    ['a raw control character in a string', '{"a":"\n"}', 400, 'invalid_json'],
    ['an empty body', '', 400, 'invalid_json'],
    ['white space', '  ', 400, 'invalid_json'],
    ['an array', '[{"a":1}]', 400, 'not_an_object'],
    ['null', 'null', 400, 'not_an_object'],
    ['a text', '"a"', 400, 'not_an_object'],
    ['a number', '1', 400, 'not_an_object'],
  ])('with %s is refused', async (_title, body, status, code) => {
    const answer = await refused(() => accept(body));
    expect(answer.json).toMatchObject({ status, code });
  });

  it.each([
    ['text/plain', 'text/plain'],
    ['application/xml', 'application/xml'],
    ['a form', 'application/x-www-form-urlencoded'],
  ])('as %s is refused with 415', async (_title, type) => {
    const answer = await refused(() => accept('{"Id":5}', { 'content-type': type }));
    expect(answer.json).toMatchObject({ status: 415, code: 'unsupported_media_type' });
  });

  it('without a content type and a body is refused, and not by a mistake of ours', async () => {
    const answer = await refused(() => accept(undefined));
    expect(answer.json).toMatchObject({ status: 415, code: 'unsupported_media_type' });
  });
});

describe('the action', () => {
  it('that does not exist is refused with 404 and the closest one', async () => {
    const answer = await refused(() => accept('{"Id":1}', {}, 'BokingCreate'));
    expect(answer.json).toMatchObject({ status: 404, code: 'unknown_action', field: 'action' });
    expect(answer.json.detail).toContain('Did you mean BookingCreate?');
  });

  it.each(['None', 'none', '1', '0', '91', '-6', '6.0', '06x', '__proto__', '%2e%2e'])(
    '%s cannot be reported',
    async (action) => {
      const answer = await refused(() => accept('{"Id":1}', {}, action));
      expect(answer.status).toBe(404);
    },
  );
});

describe('the location', () => {
  it.each(['0', '-1', 'x', '1.5', '9007199254740993', ''])(
    '%j is refused by name',
    async (location) => {
      const answer = await refused(() =>
        server.api('POST', `/v1/events/BookingCreate?location=${location}`, '{"Id":1}'),
      );
      expect(answer.json).toMatchObject({ status: 400, field: 'location' });
    },
  );

  it('is kept with the event', async () => {
    const { json } = await server.api('POST', '/v1/events/BookingCreate?location=77', '{"Id":1}');
    const event = await server.api('GET', `/v1/events/${json.events[0].id}`);
    expect(event.json.location).toBe(77);
  });
});

describe('a batch', () => {
  const lines = (count: number, from = 0) =>
    Array.from({ length: count }, (_, i) => `{"Id":${from + i}}`);

  it('makes one event per line, in order', async () => {
    const before = receiver.requests.length;
    const answer = await accept('{"Id":10}\n{"Id":11}\r\n{"Id":12}\n', NDJSON);
    expect(answer.status).toBe(202);
    expect(answer.json.events).toHaveLength(3);
    await receiver.waitFor(before + 3);
    const bodies = receiver.requests.slice(before).map(({ body }) => body.toString());
    expect(bodies.toSorted()).toStrictEqual(['[{"Id":10}]', '[{"Id":11}]', '[{"Id":12}]']);
    for (const [i, { id }] of (answer.json.events as { id: string }[]).entries()) {
      const event = await server.api('GET', `/v1/events/${id}`);
      expect(event.json.record).toStrictEqual({ Id: 10 + i });
    }
  });

  it('may be announced in capitals', async () => {
    const answer = await accept('{"Id":1}\n{"Id":2}', { 'content-type': 'Application/X-NDJSON' });
    expect(answer.json.events).toHaveLength(2);
  });

  it('may have 1,000 records', async () => {
    const answer = await accept(lines(1000).join('\n'), NDJSON, 'TariffCreate');
    expect(answer.status).toBe(202);
    expect(answer.json.events).toHaveLength(1000);
    expect(new Set((answer.json.events as { id: string }[]).map(({ id }) => id)).size).toBe(1000);
  });

  it('with 1,001 records is refused as a whole', async () => {
    const answer = await refused(() => accept(lines(1001).join('\n'), NDJSON));
    expect(answer.json).toMatchObject({ status: 400, code: 'too_many_records' });
  });

  it('that makes more than 20,000 deliveries is refused as a whole, and told how many it may have', async () => {
    for (let i = 0; i < 21; i++) {
      const hook = { url: receiver.url, actions: ['TariffDelete'], active: false };
      await createWebhook(server, hook);
    }
    const answer = await refused(() => accept(lines(1000).join('\n'), NDJSON, 'TariffDelete'));
    expect(answer.json).toMatchObject({ status: 413, code: 'too_many_deliveries' });
    expect(answer.json.detail).toContain('21 webhooks: send at most 952 at once');
    const single = await accept('{"Id":1}', {}, 'TariffDelete');
    expect(single.json.events).toMatchObject([{ deliveries: 21 }]);
  });

  it.each<[string, string, string]>([
    ['bad JSON', '{"a":', 'invalid_json'],
    ['an array', '[]', 'not_an_object'],
    ['deep nesting', nested(65), 'too_deep'],
    ['white space', ' ', 'invalid_json'],
  ])('with %s in one line is refused as a whole and names the line', async (_title, bad, code) => {
    const body = [...lines(20), bad, ...lines(5, 100)].join('\n');
    const answer = await refused(() => accept(body, NDJSON));
    expect(answer.json).toMatchObject({ status: 400, code, field: 'line 21' });
    expect(answer.json.detail).toContain('line 21');
  });

  it('names the line also when empty lines come before it', async () => {
    const answer = await refused(() => accept('{"a":1}\n\n\r\n{"a":\n', NDJSON));
    expect(answer.json.field).toBe('line 4');
  });

  it('with a record that is too large is refused as a whole', async () => {
    const answer = await refused(() => accept(`{"a":1}\n${sized(MAX_BYTES + 1)}`, NDJSON));
    expect(answer.json).toMatchObject({ status: 413, code: 'too_large', field: 'line 2' });
  });

  it.each([
    ['nothing', ''],
    ['empty lines', '\n\r\n\n'],
  ])('of %s is refused', async (_title, body) => {
    const answer = await refused(() => accept(body, NDJSON));
    expect(answer.json).toMatchObject({ status: 400, code: 'no_records' });
  });
});
