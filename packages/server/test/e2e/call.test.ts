import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openReceiver, type ReceivedRequest, type Receiver } from '@posthorn/testkit/receivers';
import { verifiers } from '@posthorn/testkit/verifiers';
import packageJson from '../../package.json' with { type: 'json' };
import { createWebhook, report, type WebhookAnswer } from '../asking.ts';
import { eventually } from '../eventually.ts';
import { type Started, startServer } from '../start.ts';

let server: Started;
let receiver: Receiver;
let webhook: WebhookAnswer;
let answers: number[] = [];
beforeAll(async () => {
  receiver = await openReceiver({ answer: () => answers.shift() ?? 200 });
  server = await startServer({ env: { POSTHORN_RETRY_SCHEDULE: '60ms,60ms' } });
  webhook = await createWebhook(server, {
    url: `${receiver.url}/hooks/in?key=a%20b&x=1`,
    actions: ['BookingCreate', 'BookingUpdate'],
    location: 7,
  });
});
afterAll(async () => {
  await server.stop();
  await receiver.close();
});
beforeEach(async () => {
  answers = [];
  for (const scope of ['default', 'location:7']) {
    await server.api('DELETE', `/v1/secrets/${scope}`);
  }
});

const setSecret = async (scope: string, secret: string) => {
  const answer = await server.api('PUT', `/v1/secrets/${scope}`, { secret });
  expect(answer.status, answer.text).toBe(200);
};

/** Reports a record and returns the `n`th call that comes of it. */
async function called(record: unknown = { Id: 1 }, n = 1): Promise<ReceivedRequest> {
  const before = receiver.requests.length;
  await report(server, 'BookingCreate', record, '?location=7');
  await receiver.waitFor(before + n);
  return receiver.requests[before + n - 1]!;
}

/** The recipe of the documentation: HMAC-SHA256 over the raw body, in upper-case hex. */
const byTheRecipe = (secret: string, body: Buffer) =>
  createHmac('sha256', secret).update(body).digest('hex').toUpperCase();

const signatureOf = ({ headers }: ReceivedRequest) => headers['x-nexudus-hook-signature'];

function expectSignedWith(secret: string, call: ReceivedRequest): void {
  expect(signatureOf(call)).toBe(byTheRecipe(secret, call.body));
  for (const { name, verify } of verifiers) {
    expect(
      () => verify(secret, call.headers as Record<string, string>, call.body),
      name,
    ).not.toThrow();
  }
}

describe('a call', () => {
  it('is a POST to the URL as it was given, with exactly the promised headers', async () => {
    const { method, path, headers, body } = await called({ Id: 5, Name: 'Oak' });
    expect(method).toBe('POST');
    expect(path).toBe('/hooks/in?key=a%20b&x=1');
    expect(body.toString()).toBe('[{"Id":5,"Name":"Oak"}]');
    expect(headers).toStrictEqual({
      host: `127.0.0.1:${receiver.port}`,
      connection: 'keep-alive',
      'content-type': 'application/json',
      'content-length': String(body.length),
      'accept-encoding': 'identity',
      'user-agent': `Posthorn/${packageJson.version}`,
      'webhook-id': expect.stringMatching(/^msg_[0-9a-z]+$/),
      'webhook-timestamp': expect.stringMatching(/^\d{10}$/),
      'posthorn-action': 'BookingCreate',
      'posthorn-event': expect.stringMatching(/^evt_[0-9a-z]+$/),
      'posthorn-attempt': '1',
    });
  });

  it('comes with the time of now in whole seconds', async () => {
    const before = Math.floor(Date.now() / 1000);
    const { headers } = await called();
    const timestamp = Number(headers['webhook-timestamp']);
    expect(timestamp).toBeGreaterThanOrEqual(before);
    expect(timestamp).toBeLessThanOrEqual(Date.now() / 1000);
  });

  it('has an id of its own per webhook, and the event in common', async () => {
    const other = await createWebhook(server, { url: `${receiver.url}/other`, location: 7 });
    const before = receiver.requests.length;
    const event = await report(server, 'BookingUpdate', { Id: 1 }, '?location=7');
    await receiver.waitFor(before + 2);
    const calls = receiver.requests.slice(before);
    expect(calls.map(({ headers }) => headers['posthorn-event'])).toStrictEqual([event, event]);
    expect(new Set(calls.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
    await server.api('DELETE', `/v1/webhooks/${other.id}`);
  });
});

describe('a signature', () => {
  it('is absent when no secret applies', async () => {
    await setSecret('location:8', 'of another location');
    const { headers } = await called();
    expect(headers['x-nexudus-hook-signature']).toBeUndefined();
    expect(headers['webhook-signature']).toBeUndefined();
    expect(headers['webhook-id']).toBeDefined();
  });

  it.each([
    ['a plain text', 'correct horse battery staple'],
    ['one character', 's'],
    ['non-ASCII text', 'Schlüssel 🔑'],
    ['the vectors of Standard Webhooks', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    ['1,024 characters', 'k'.repeat(1024)],
  ])('with %s satisfies the recipe and both packages', async (_title, secret) => {
    await setSecret('default', secret);
    expectSignedWith(secret, await called({ Id: 1, Name: 'José 🎉', Total: 1 }));
    expectSignedWith(secret, await called('{"a":12345678901234567890,"b":1.10 , "a":2}'));
  });

  it('is made with the location’s secret before the default one', async () => {
    await setSecret('default', 'the default');
    expectSignedWith('the default', await called());
    await setSecret('location:7', 'of the location');
    expectSignedWith('of the location', await called());
    await server.api('DELETE', '/v1/secrets/location:7');
    expectSignedWith('the default', await called());
  });

  it('of a webhook for all locations is made with the default secret', async () => {
    await setSecret('default', 'the default');
    await setSecret('location:7', 'of the location');
    const everywhere = await createWebhook(server, { url: `${receiver.url}/everywhere` });
    const before = receiver.requests.length;
    await report(server, 'BookingCreate', { Id: 1 }, '?location=7');
    await receiver.waitFor(before + 2);
    const call = receiver.requests.slice(before).find(({ path }) => path === '/everywhere');
    expectSignedWith('the default', call!);
    await server.api('DELETE', `/v1/webhooks/${everywhere.id}`);
  });

  it('of a webhook that an app made is made with the app’s secret before all others', async () => {
    await setSecret('default', 'the default');
    await setSecret('location:9', 'of the location');
    const app = await server.api('POST', '/v1/apps', { name: 'Door system' });
    const made = await server.api('POST', `/v1/apps/${app.json.id}/keys`);
    const key = { authorization: `Bearer ${made.json.key}` };
    const own = await createWebhook(server, { url: `${receiver.url}/app`, location: 9 }, key);
    const callOf = async () => {
      const before = receiver.requests.length;
      await report(server, 'TariffCreate', { Id: 1 }, '?location=9');
      await receiver.waitFor(before + 1);
      return receiver.requests.at(-1)!;
    };
    expectSignedWith('of the location', await callOf());
    await setSecret(`app:${app.json.id}`, 'of the app');
    expectSignedWith('of the app', await callOf());
    await server.api('DELETE', `/v1/webhooks/${own.id}`);
    await server.api('DELETE', '/v1/secrets/location:9');
  });

  it('is made with the secret of the moment of each attempt', async () => {
    await setSecret('default', 'the old one');
    const { promise, resolve } = Promise.withResolvers<number>();
    const slow = await openReceiver({ answer: (_request, n) => (n === 1 ? promise : 200) });
    await server.api('PATCH', `/v1/webhooks/${webhook.id}`, { url: slow.url });
    await report(server, 'BookingCreate', { Id: 1 }, '?location=7');
    await slow.waitFor(1);
    await setSecret('default', 'the new one');
    resolve(500);
    const [first, second] = await slow.waitFor(2);
    expectSignedWith('the old one', first!);
    expectSignedWith('the new one', second!);
    expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
    await server.api('PATCH', `/v1/webhooks/${webhook.id}`, { url: webhook.url });
    await slow.close();
  });

  it('is not made for a re-attempt after the secret was removed', async () => {
    await setSecret('default', 'soon gone');
    const { promise, resolve } = Promise.withResolvers<number>();
    const slow = await openReceiver({ answer: (_request, n) => (n === 1 ? promise : 200) });
    await server.api('PATCH', `/v1/webhooks/${webhook.id}`, { url: slow.url });
    await report(server, 'BookingCreate', { Id: 1 }, '?location=7');
    await slow.waitFor(1);
    await server.api('DELETE', '/v1/secrets/default');
    resolve(500);
    const [, second] = await slow.waitFor(2);
    expect(signatureOf(second!)).toBeUndefined();
    await server.api('PATCH', `/v1/webhooks/${webhook.id}`, { url: webhook.url });
    await slow.close();
  });
});

describe('a secret', () => {
  it('is never told, only that it is set and since when', async () => {
    const before = Date.now();
    const put = await server.api('PUT', '/v1/secrets/location:7', { secret: 'hunter2-hunter2!' });
    const get = await server.api('GET', '/v1/secrets/location:7');
    for (const { text, json } of [put, get]) {
      expect(text).not.toContain('hunter2');
      expect(json).toStrictEqual({
        scope: 'location:7',
        isSet: true,
        setAt: expect.any(String),
        previousUntil: null,
      });
      expect(Date.parse(json.setAt as string)).toBeGreaterThanOrEqual(before - 1);
    }
    expect((await server.api('DELETE', '/v1/secrets/location:7')).status).toBe(204);
    const gone = await server.api('GET', '/v1/secrets/location:7');
    expect(gone.json).toStrictEqual({
      scope: 'location:7',
      isSet: false,
      setAt: null,
      previousUntil: null,
    });
    expect((await server.api('DELETE', '/v1/secrets/location:7')).status).toBe(404);
    expect(server.output()).not.toContain('hunter2');
  });

  it.each<[string, unknown, string]>([
    ['default', { secret: '' }, 'secret'],
    ['default', {}, 'secret'],
    ['default', { secret: 5 }, 'secret'],
    ['default', { secret: 'k'.repeat(1025) }, 'secret'],
    ['default', { secret: 'a\nb' }, 'secret'],
    ['default', { secret: 'whsec_!!!' }, 'secret'],
    ['default', { secret: 'whsec_' }, 'secret'],
    ['default', { secret: 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=' }, 'secret'],
    ['default', { secret: 'a', key: 'b' }, 'key'],
    ['default', { secret: 'a', generate: true }, 'secret'],
    ['default', { generate: false }, 'secret'],
    ['default', { secret: 'a', overlap: '31d' }, 'overlap'],
    ['default', { secret: 'a', overlap: '24' }, 'overlap'],
    ['default', { secret: 'a', overlap: 24 }, 'overlap'],
    ['location:0', { secret: 'a' }, 'scope'],
    ['location:x', { secret: 'a' }, 'scope'],
    ['webhook:1', { secret: 'a' }, 'scope'],
  ])('%s with %j is refused by name', async (scope, body, field) => {
    const answer = await server.api('PUT', `/v1/secrets/${scope}`, body);
    expect(answer.json).toMatchObject({ status: 400, field });
  });

  it('that is replaced signs beside the new one until its end, and Nexudus’ header has the new one', async () => {
    const put = (secret: string, overlap?: string) =>
      server.api('PUT', '/v1/secrets/default', { secret, overlap });
    await put('the old one of before');
    const { json } = await put('the new one, for now');
    expect(Date.parse(json.previousUntil as string) - Date.parse(json.setAt as string)).toBe(
      24 * 3_600_000,
    );
    const both = await called();
    expectSignedWith('the new one, for now', both);
    for (const { name, verify } of verifiers) {
      const headers = both.headers as Record<string, string>;
      expect(() => verify('the old one of before', headers, both.body), name).not.toThrow();
    }
    expect(both.headers['webhook-signature']).toMatch(/^v1,\S{44} v1,\S{44}$/);

    await put('the newest, at once', '0');
    const one = await called();
    expect(one.headers['webhook-signature']).toMatch(/^v1,\S{44}$/);
    expectSignedWith('the newest, at once', one);

    await put('the very newest one', '200ms');
    await eventually(async () => {
      const call = await called();
      expectSignedWith('the very newest one', call);
      return /^v1,\S{44}$/.test(call.headers['webhook-signature'] as string);
    });
    const state = await server.api('GET', '/v1/secrets/default');
    expect(state.json).toMatchObject({ isSet: true, previousUntil: null });
  });

  it('that is weak is taken with a warning that does not repeat it', async () => {
    const weak = await server.api('PUT', '/v1/secrets/default', { secret: 'hunter2' });
    expect(weak.json).toMatchObject({ isSet: true, warning: expect.stringContaining('guessed') });
    expect(weak.text).not.toContain('hunter2');
  });

  it('that is generated is told once, and signs', async () => {
    const made = await server.api('PUT', '/v1/secrets/default', { generate: true, overlap: '0' });
    const secret = made.json.secret as string;
    expect(made.headers.get('cache-control')).toBe('no-store');
    expect(secret).toMatch(/^whsec_/);
    expect(made.json).not.toHaveProperty('warning');
    expectSignedWith(secret, await called());
    expect((await server.api('GET', '/v1/secrets/default')).text).not.toContain(secret);
  });

  it('of an app that does not exist cannot be set', async () => {
    const answer = await server.api('PUT', '/v1/secrets/app:999', { secret: 'a' });
    expect(answer.json).toMatchObject({ status: 404 });
  });
});
