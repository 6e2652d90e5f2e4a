import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import { createWebhook, report, waitForStates } from '../asking.ts';
import { API_KEY, type Started, startServer } from '../start.ts';

let server: Started;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver();
  // Every route is asked with several wrong keys.
  server = await startServer({ env: { POSTHORN_WRONG_KEYS: '1000' } });
});
afterAll(async () => {
  await server.stop();
  await receiver.close();
});

interface App {
  readonly id: number;
  readonly keyId: string;
  readonly headers: { readonly authorization: string };
}

async function createApp(scopes?: readonly string[]): Promise<App> {
  const { json: app } = await server.api('POST', '/v1/apps', { name: 'Door system' });
  const made = await server.api('POST', `/v1/apps/${app.id}/keys`, scopes && { scopes });
  expect(made.status, made.text).toBe(201);
  return {
    id: app.id as number,
    keyId: made.json.id as string,
    headers: { authorization: `Bearer ${made.json.key}` },
  };
}

/** Every route that wants a key, with a body that it would take. */
const ROUTES: readonly (readonly [string, string, unknown?])[] = [
  ['POST', '/v1/events/BookingCreate', { Id: 1 }],
  ['GET', '/v1/events'],
  ['GET', '/v1/events/evt_1'],
  ['GET', '/v1/events/evt_1/record'],
  ['POST', '/v1/webhooks', { name: 'n', actions: ['*'], url: 'https://hooks.example.com/' }],
  ['GET', '/v1/webhooks'],
  ['GET', '/v1/webhooks/1'],
  ['PATCH', '/v1/webhooks/1', { name: 'n' }],
  ['DELETE', '/v1/webhooks/1'],
  ['POST', '/v1/webhooks/1/test'],
  ['GET', '/v1/deliveries'],
  ['GET', '/v1/deliveries/msg_1'],
  ['POST', '/v1/deliveries/msg_1/resend'],
  ['POST', '/v1/apps', { name: 'n' }],
  ['GET', '/v1/apps'],
  ['GET', '/v1/apps/1'],
  ['DELETE', '/v1/apps/1'],
  ['POST', '/v1/apps/1/keys'],
  ['DELETE', '/v1/apps/1/keys/x'],
  ['GET', '/v1/keys'],
  ['POST', '/v1/keys', {}],
  ['DELETE', `/v1/keys/${'0'.repeat(12)}`],
  ['POST', `/v1/keys/${'0'.repeat(12)}/rotate`],
  ['GET', '/v1/audit'],
  ['PUT', '/v1/secrets/default', { secret: 's' }],
  ['GET', '/v1/secrets'],
  ['GET', '/v1/secrets/default'],
  ['DELETE', '/v1/secrets/default'],
  ['GET', '/v1/locations'],
  ['PUT', '/v1/locations/1', { name: 'n' }],
  ['GET', '/v1/notices'],
  ['POST', '/v1/inboxes'],
  ['GET', '/v1/inboxes'],
  ['GET', `/v1/inboxes/${'0'.repeat(32)}`],
  ['GET', `/v1/inboxes/${'0'.repeat(32)}/requests`],
  ['DELETE', `/v1/inboxes/${'0'.repeat(32)}`],
  ['GET', '/v1/session'],
  ['DELETE', '/v1/session'],
  ['DELETE', '/v1/sessions'],
  ['PATCH', '/v1/me', { name: 'n' }],
  ['POST', '/v1/me/totp'],
  ['PUT', '/v1/me/totp', { code: '000000', password: 'p' }],
  ['DELETE', '/v1/me/totp', { password: 'p' }],
  ['GET', '/v1/people'],
  ['POST', '/v1/people', { name: 'n', email: 'n@example.com', role: 'operator' }],
  ['GET', '/v1/people/1'],
  ['PATCH', '/v1/people/1', { name: 'n' }],
  ['DELETE', '/v1/people/1'],
  ['POST', '/v1/people/1/link'],
  ['POST', '/v1/secrets/default/reveal', { password: 'p' }],
  ['GET', '/metrics'],
];

describe('without a key that is known', () => {
  it.each(ROUTES.map(([method, path, body]) => [method, path, body] as const))(
    '%s %s is answered 401',
    async (method, path, body) => {
      for (const authorization of [
        '',
        'Bearer',
        'Bearer wrong',
        `Basic ${API_KEY}`,
        API_KEY,
        `Bearer ${API_KEY}x`,
        `Bearer ph_${'0'.repeat(12)}_${'0'.repeat(64)}`,
      ]) {
        const answer = await server.api(method, path, body, { authorization });
        expect(answer.json, authorization).toMatchObject({ status: 401, code: 'unauthorized' });
        expect(answer.headers.get('www-authenticate')).toBe('Bearer');
        expect(answer.text).not.toContain(API_KEY);
      }
    },
  );

  it.each([
    '/healthz',
    '/readyz',
    '/v1/openapi.json',
    '/docs/',
    '/v1/actions',
    '/v1/actions/BookingCreate',
    '/v1/sign-in',
    '/api/utils/enums?name=eWebhookAction',
  ])('%s can be read', async (path) => {
    const answer = await server.api('GET', path, undefined, { authorization: '' });
    expect(answer.status).toBe(200);
  });

  it('is in the description of the API: every route is listed there', async () => {
    const { json } = await server.api('GET', '/v1/openapi.json');
    const paths = Object.keys((json as { paths: object }).paths);
    for (const path of ['/v1/events/{action}', '/v1/webhooks/{id}', '/v1/deliveries/{id}/resend']) {
      expect(paths).toContain(path);
    }
  });

  it('nothing was done', async () => {
    for (const path of ['/v1/webhooks', '/v1/events', '/v1/apps', '/v1/locations']) {
      expect((await server.api('GET', path)).json.items, path).toStrictEqual([]);
    }
  });
});

describe('the key of an app', () => {
  it.each([
    ['GET', '/v1/apps'],
    ['POST', '/v1/apps', { name: 'n' }],
    ['DELETE', '/v1/apps/1'],
    ['POST', '/v1/apps/1/keys'],
    ['PUT', '/v1/secrets/default', { secret: 's' }],
    ['GET', '/v1/secrets/default'],
    ['PUT', '/v1/secrets/location:1', { secret: 's' }],
    ['PUT', '/v1/locations/1', { name: 'n' }],
    ['POST', '/v1/events/BookingCreate', { Id: 1 }],
    ['GET', '/v1/events'],
    ['GET', '/metrics'],
  ])('is not enough to %s %s', async (method, path, body?: unknown) => {
    const { headers } = await createApp();
    const answer = await server.api(method, path, body, headers);
    expect(answer.json).toMatchObject({ status: 403, code: 'forbidden' });
  });

  it('is enough to set the app’s own secret, and no other app’s', async () => {
    const [own, other] = [await createApp(), await createApp()];
    const put = (id: number) =>
      server.api('PUT', `/v1/secrets/app:${id}`, { secret: 's' }, own.headers);
    expect((await put(own.id)).status).toBe(200);
    expect((await put(other.id)).status).toBe(404);
  });

  it('with one scope is enough for that alone', async () => {
    const { headers } = await createApp(['events:write']);
    const may = await server.api('POST', '/v1/events/BookingCreate', { Id: 1 }, headers);
    expect(may.status).toBe(202);
    const mayNot = await server.api('GET', '/v1/webhooks', undefined, headers);
    expect(mayNot.json).toMatchObject({ status: 403 });
    expect(mayNot.json.detail).toContain('webhooks:read');
  });

  it('with the scope settings:write still changes nothing that is not its own', async () => {
    const { headers } = await createApp(['settings:write', 'webhooks:write', 'webhooks:read']);
    for (const [method, path, body] of [
      ['PUT', '/v1/secrets/default', { secret: 's' }],
      ['PUT', '/v1/locations/1', { name: 'n' }],
      ['GET', '/v1/apps'],
      ['GET', '/metrics'],
    ] as const) {
      expect((await server.api(method, path, body, headers)).status, path).toBe(403);
    }
  });

  it('sees, changes, tests and deletes the app’s own webhooks only', async () => {
    const [own, other] = [await createApp(), await createApp()];
    const ofOwn = await createWebhook(server, { url: receiver.url, location: 11 }, own.headers);
    const ofOther = await createWebhook(server, { url: receiver.url, location: 11 }, other.headers);
    const ofNobody = await createWebhook(server, { url: receiver.url, location: 11 });
    const list = await server.api('GET', '/v1/webhooks', undefined, own.headers);
    expect(list.json.items).toMatchObject([{ id: ofOwn.id, app: own.id }]);
    for (const { id } of [ofOther, ofNobody]) {
      for (const [method, path, body] of [
        ['GET', `/v1/webhooks/${id}`],
        ['PATCH', `/v1/webhooks/${id}`, { active: false }],
        ['DELETE', `/v1/webhooks/${id}`],
        ['POST', `/v1/webhooks/${id}/test`],
      ] as const) {
        const answer = await server.api(method, path, body, own.headers);
        expect(answer.json, `${method} ${path}`).toMatchObject({ status: 404 });
      }
      const still = await server.api('GET', `/v1/webhooks/${id}`);
      expect(still.json).toMatchObject({ active: true });
    }
    expect(
      (await server.api('GET', `/v1/webhooks/${ofOwn.id}`, undefined, own.headers)).status,
    ).toBe(200);
  });

  it('sees and resends the deliveries of the app’s own webhooks only', async () => {
    const own = await createApp([
      'events:read',
      'deliveries:read',
      'deliveries:resend',
      'webhooks:read',
      'webhooks:write',
    ]);
    const mine = await createWebhook(server, { url: receiver.url, location: 12 }, own.headers);
    const theirs = await createWebhook(server, { url: receiver.url, location: 12 });
    const event = await report(server, 'BookingCreate', { Id: 1 }, '?location=12');
    const [ofMine] = await waitForStates(server, mine.id, ['delivered']);
    const [ofTheirs] = await waitForStates(server, theirs.id, ['delivered']);

    const ask = (method: string, path: string) => server.api(method, path, undefined, own.headers);
    const list = await ask('GET', '/v1/deliveries');
    expect(list.json.items).toMatchObject([{ id: ofMine!.id }]);
    expect((await ask('GET', `/v1/deliveries?webhook=${theirs.id}`)).json.items).toStrictEqual([]);
    expect((await ask('GET', `/v1/deliveries/${ofTheirs!.id}`)).status).toBe(404);
    expect((await ask('POST', `/v1/deliveries/${ofTheirs!.id}/resend`)).status).toBe(404);
    expect((await ask('GET', `/v1/deliveries/${ofMine!.id}`)).status).toBe(200);
    expect((await ask('POST', `/v1/deliveries/${ofMine!.id}/resend`)).status).toBe(202);
    const seen = await ask('GET', `/v1/events/${event}`);
    expect(seen.json.deliveries).toMatchObject([{ id: ofMine!.id }]);
  });

  it('sees the notices of the app’s own webhooks only', async () => {
    const own = await createApp();
    const gone = await openReceiver({ answer: () => 410 });
    const theirs = await createWebhook(server, { url: gone.url, location: 13 });
    const mine = await createWebhook(server, { url: gone.url, location: 13 }, own.headers);
    await report(server, 'BookingCreate', { Id: 1 }, '?location=13');
    await waitForStates(server, theirs.id, ['held']);
    await waitForStates(server, mine.id, ['held']);
    const notices = await server.api('GET', '/v1/notices', undefined, own.headers);
    expect(notices.json.items).toMatchObject([{ webhook: mine.id }]);
    await gone.close();
  });

  it('is shown once, and can be revoked', async () => {
    const { id, keyId, headers } = await createApp();
    const read = await server.api('GET', `/v1/apps/${id}`);
    expect(read.json.keys).toMatchObject([{ id: keyId, name: 'key' }]);
    expect(read.text).not.toContain(headers.authorization.slice(-64));
    expect((await server.api('GET', '/v1/webhooks', undefined, headers)).status).toBe(200);
    expect((await server.api('DELETE', `/v1/apps/${id}/keys/${keyId}`)).status).toBe(204);
    expect((await server.api('GET', '/v1/webhooks', undefined, headers)).status).toBe(401);
    expect((await server.api('DELETE', `/v1/apps/${id}/keys/${keyId}`)).status).toBe(404);
  });

  it('ends with its app, as do its webhooks', async () => {
    const { id, headers } = await createApp();
    const webhook = await createWebhook(server, { url: receiver.url }, headers);
    expect((await server.api('DELETE', `/v1/apps/${id}`)).status).toBe(204);
    expect((await server.api('GET', '/v1/webhooks', undefined, headers)).status).toBe(401);
    expect((await server.api('GET', `/v1/webhooks/${webhook.id}`)).status).toBe(404);
    expect((await server.api('GET', `/v1/apps/${id}`)).status).toBe(404);
  });

  it.each<[unknown, string]>([
    [{ scopes: [] }, 'scopes'],
    [{ scopes: ['*'] }, 'scopes.0'],
    [{ scopes: ['everything'] }, 'scopes.0'],
    [{ name: '' }, 'name'],
    [{ colour: 'red' }, 'colour'],
  ])('is not made from %j', async (body, field) => {
    const { id } = await createApp();
    const answer = await server.api('POST', `/v1/apps/${id}/keys`, body);
    expect(answer.json).toMatchObject({ status: 400, field });
  });
});
