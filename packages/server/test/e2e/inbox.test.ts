import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWebhook, report, waitForStates } from '../asking.ts';
import { type Started, startServer } from '../start.ts';

let server: Started;
beforeAll(async () => {
  // No network is allowed: the service's own inbox is reached all the same.
  server = await startServer({ env: { POSTHORN_ALLOW_NETWORKS: undefined } });
});
afterAll(() => server.stop());

interface InboxRequest {
  readonly number: number;
  readonly receivedAt: string;
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
  readonly encoding: string;
  readonly signature: { readonly nexudus: string; readonly standard: string };
}

async function openInbox(body?: unknown): Promise<{ id: string; url: string }> {
  const { status, json } = await server.api('POST', '/v1/inboxes', body);
  expect(status).toBe(201);
  return json as { id: string; url: string };
}

async function requestsOf(id: string, query = ''): Promise<InboxRequest[]> {
  const { json } = await server.api('GET', `/v1/inboxes/${id}/requests?limit=500${query}`);
  return (json as { items: InboxRequest[] }).items;
}

let lastLocation = 0;

/** Sends one record to a new inbox through the whole service. */
async function sendToInbox(record: unknown, inboxInput?: unknown): Promise<InboxRequest> {
  const inbox = await openInbox(inboxInput);
  const location = ++lastLocation;
  const webhook = await createWebhook(server, { url: inbox.url, location });
  await report(server, 'BookingCreate', record, `?location=${location}`);
  await waitForStates(server, webhook.id, ['delivered']);
  const [request, ...others] = await requestsOf(inbox.id);
  expect(others).toHaveLength(0);
  return request!;
}

describe('an inbox', () => {
  it('has a URL on this server and keeps what arrives by real HTTP', async () => {
    const inbox = await openInbox();
    expect(inbox.url).toMatch(new RegExp(`^${server.url}/inbox/[0-9a-f]{32}$`));
    const request = await sendToInbox('{"Id":1,"Total":1.10}');
    expect(request).toMatchObject({
      number: 1,
      method: 'POST',
      path: expect.stringMatching(/^\/inbox\/[0-9a-f]{32}$/),
      body: '[{"Id":1,"Total":1.10}]',
      encoding: 'utf8',
    });
    const headers = new Map(request.headers.map(([name, value]) => [name.toLowerCase(), value]));
    expect(headers.get('posthorn-action')).toBe('BookingCreate');
    expect(headers.get('webhook-id')).toMatch(/^msg_/);
  });

  it('says that no secret applies when none is set', async () => {
    expect((await sendToInbox({ Id: 1 })).signature).toStrictEqual({
      nexudus: 'no_secret',
      standard: 'no_secret',
    });
  });

  it.each(['a plain secret', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])(
    'finds what is signed with %s valid',
    async (secret) => {
      await server.api('PUT', '/v1/secrets/default', { secret });
      expect((await sendToInbox({ Id: 1, Name: 'José' })).signature).toStrictEqual({
        nexudus: 'valid',
        standard: 'valid',
      });
      await server.api('DELETE', '/v1/secrets/default');
    },
  );

  it('finds what is signed with another secret invalid', async () => {
    await server.api('PUT', '/v1/secrets/default', { secret: 'signs the call' });
    await server.api('PUT', '/v1/secrets/location:900', { secret: 'checks it' });
    const { signature } = await sendToInbox({ Id: 1 }, { secretScope: 'location:900' });
    expect(signature).toStrictEqual({ nexudus: 'invalid', standard: 'invalid' });
    await server.api('DELETE', '/v1/secrets/default');
    const unsigned = await sendToInbox({ Id: 1 }, { secretScope: 'location:900' });
    expect(unsigned.signature).toStrictEqual({ nexudus: 'missing', standard: 'missing' });
  });

  it('finds a body that was changed, or a forged signature, invalid', async () => {
    await server.api('PUT', '/v1/secrets/default', { secret: 'shared' });
    const good = await sendToInbox({ Id: 1 });
    const headers = Object.fromEntries(
      good.headers.filter(([name]) => !/^(host|connection|content-length)$/i.test(name)),
    );
    const inbox = await openInbox();
    const post = (body: string, others: Record<string, string> = {}) =>
      fetch(inbox.url, { method: 'POST', headers: { ...headers, ...others }, body });
    await post(good.body);
    await post(good.body.replace('1', '2'));
    await post(good.body, { 'webhook-id': 'msg_other' });
    await post(good.body, { 'webhook-timestamp': '1' });
    await post(good.body, { 'x-nexudus-hook-signature': '', 'webhook-signature': 'v1,' });
    const verdicts = (await requestsOf(inbox.id)).toReversed().map(({ signature }) => signature);
    expect(verdicts).toStrictEqual([
      { nexudus: 'valid', standard: 'valid' },
      { nexudus: 'invalid', standard: 'invalid' },
      { nexudus: 'valid', standard: 'invalid' },
      { nexudus: 'valid', standard: 'invalid' },
      { nexudus: 'invalid', standard: 'invalid' },
    ]);
    await server.api('DELETE', '/v1/secrets/default');
  });

  it('keeps the newest 200', async () => {
    const inbox = await openInbox();
    for (let from = 0; from < 210; from += 10) {
      await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          fetch(inbox.url, { method: 'POST', body: `${from + i}` }),
        ),
      );
    }
    const kept = await requestsOf(inbox.id);
    expect(kept.map(({ number }) => number)).toStrictEqual(
      Array.from({ length: 200 }, (_, i) => 210 - i),
    );
  });

  it('shows them by pages', async () => {
    const inbox = await openInbox();
    for (let i = 0; i < 5; i++) await fetch(inbox.url, { method: 'POST', body: `${i}` });
    const first = await server.api('GET', `/v1/inboxes/${inbox.id}/requests?limit=3`);
    const second = await server.api(
      'GET',
      `/v1/inboxes/${inbox.id}/requests?limit=3&cursor=${first.json.cursor}`,
    );
    const numbers = [first, second].map(({ json }) =>
      (json as { items: InboxRequest[] }).items.map(({ number }) => number),
    );
    expect(numbers).toStrictEqual([
      [5, 4, 3],
      [2, 1],
    ]);
  });

  it.each<[string, RequestInit]>([
    ['text', { method: 'POST', body: 'hello', headers: { 'content-type': 'text/plain' } }],
    ['a form', { method: 'PUT', body: new URLSearchParams({ a: 'b' }) }],
    ['broken JSON', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }],
    ['bytes', { method: 'PATCH', body: Buffer.from([0, 255, 254]) }],
    ['nothing', { method: 'POST' }],
  ])('takes %s as it comes', async (_title, init) => {
    const inbox = await openInbox();
    const answer = await fetch(`${inbox.url}?a=1`, init);
    expect(answer.status).toBe(204);
    const [request] = await requestsOf(inbox.id);
    expect(request).toMatchObject({ method: init.method, path: expect.stringContaining('?a=1') });
  });

  it('takes the largest body that a call can have', async () => {
    const record = `{"a":"${'ü'.repeat(131_000)}"}`;
    expect((await sendToInbox(record)).body.length).toBe(131_000 * 6 + 10);
  });

  it('that does not exist, or was deleted, is not found', async () => {
    const inbox = await openInbox();
    expect((await server.api('DELETE', `/v1/inboxes/${inbox.id}`)).status).toBe(204);
    expect((await fetch(inbox.url, { method: 'POST', body: 'x' })).status).toBe(404);
    expect((await server.api('GET', `/v1/inboxes/${inbox.id}/requests`)).status).toBe(404);
    expect((await server.api('DELETE', `/v1/inboxes/${inbox.id}`)).status).toBe(404);
  });

  it('is in the list of those who made it, newest first, with what it keeps', async () => {
    const { json: app } = await server.api('POST', '/v1/apps', { name: 'Listed' });
    const { json: made } = await server.api('POST', `/v1/apps/${app.id}/keys`);
    const ask = (method: string, path: string) =>
      server.api(method, path, undefined, { authorization: `Bearer ${made.key}` });
    expect((await ask('GET', '/v1/inboxes')).json).toStrictEqual({ items: [], cursor: null });

    const inboxes: { id: string; url: string }[] = [];
    for (let i = 0; i < 3; i++)
      inboxes.push((await ask('POST', '/v1/inboxes')).json as { id: string; url: string });
    await fetch(inboxes[1]!.url, { method: 'POST', body: 'x' });
    const first = await ask('GET', '/v1/inboxes?limit=2');
    const second = await ask('GET', `/v1/inboxes?limit=2&cursor=${first.json.cursor}`);
    const listed = [first, second].flatMap(({ json }) => json['items'] as object[]);
    expect(listed).toStrictEqual([
      { ...inboxes[2], requests: 0, lastRequestAt: null },
      { ...inboxes[1], requests: 1, lastRequestAt: expect.any(String) },
      { ...inboxes[0], requests: 0, lastRequestAt: null },
    ]);
    expect((await ask('GET', `/v1/inboxes/${inboxes[0]!.id}`)).json).toStrictEqual(inboxes[0]);
  });

  it('does not open the rest of this server to webhooks', async () => {
    for (const path of ['/v1/webhooks', '/healthz', '/inbox/../v1/events/BookingCreate']) {
      const answer = await server.api('POST', '/v1/webhooks', {
        name: 'n',
        actions: ['*'],
        url: server.url + path,
      });
      expect(answer.json, path).toMatchObject({ status: 400, field: 'url' });
    }
  });
});
