import { openReceiver } from '@posthorn/testkit/receivers';
import { API_KEY, eventually, type Started, startServer } from '@posthorn/testkit/server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createClient,
  type LiveMessage,
  type Posthorn,
  PosthornError,
  verify,
} from '../src/index.ts';

let server: Started;
let posthorn: Posthorn;
beforeAll(async () => {
  server = await startServer();
  posthorn = createClient({ url: server.url, key: API_KEY });
});
afterAll(() => server.stop());

const rejected = async (calling: Promise<unknown>): Promise<PosthornError> => {
  const error: unknown = await calling.then(
    () => null,
    (failure: unknown) => failure,
  );
  expect(error).toBeInstanceOf(PosthornError);
  return error as PosthornError;
};

/** A webhook to a new inbox, for one location, so that tests do not meet. */
async function openInbox(location: number) {
  const inbox = await posthorn.inboxes.create();
  const webhook = await posthorn.webhooks.create({
    name: 'To an inbox',
    actions: ['BookingCreate'],
    url: inbox.url,
    location,
  });
  return { inbox, webhook };
}

describe('the audit', () => {
  test('is listed and exported', async () => {
    const { id } = await posthorn.apps.create({ name: 'Audited' });
    const [entry] = await posthorn.audit.list({ what: 'app.created' }).take(1);
    expect(entry).toMatchObject({
      who: { kind: 'key', id: 'configured' },
      subject: `app:${id}`,
      details: { name: 'Audited' },
    });
    const lines: string[] = [];
    for await (const line of posthorn.audit.export({ what: 'app.created' })) lines.push(line);
    expect(JSON.parse(lines[0]!)).toStrictEqual(entry);
    expect(lines[0]!.endsWith('\n')).toBe(true);
    expect(await posthorn.audit.list({ to: new Date(0) }).take(1)).toStrictEqual([]);
  });
});

describe('webhooks', () => {
  test('are created, read, changed, listed and deleted', async () => {
    const { webhook } = await openInbox(1);
    expect(webhook).toMatchObject({ actions: ['BookingCreate'], state: 'healthy', active: true });
    expect(await posthorn.webhooks.get(webhook.id)).toEqual({ ...webhook, waiting: 0 });

    const changed = await posthorn.webhooks.change(webhook.id, { name: 'Another', active: false });
    expect(changed).toMatchObject({ name: 'Another', state: 'off', url: webhook.url });
    expect(await posthorn.webhooks.list({ location: 1, active: false }).take(5)).toEqual([changed]);

    expect(await posthorn.webhooks.delete(webhook.id)).toBeUndefined();
    expect((await rejected(posthorn.webhooks.get(webhook.id))).code).toBe('not_found');
  });

  test('are checked, previewed, searched and watched over time', async () => {
    const { webhook } = await openInbox(31);
    const { url } = webhook;
    expect(await posthorn.webhooks.checkUrl(url)).toEqual({
      ok: true,
      problem: null,
      warnings: [],
    });
    const preview = await posthorn.webhooks.preview({ actions: ['BookingCreate'], url });
    expect(preview).toMatchObject({ method: 'POST', url, action: 'BookingCreate' });
    const found = await posthorn.webhooks.listWithDay({ location: 31, q: 'inbox' }).take(5);
    expect(found).toMatchObject([{ id: webhook.id, waiting: 0 }]);
    expect(found[0]!.day.calls).toHaveLength(24);
    const health = await posthorn.webhooks.health(webhook.id, { step: '1h' });
    expect(health).toMatchObject({ stepMs: 3_600_000, waiting: { due: 0, held: 0 } });
    expect(await posthorn.overview()).toMatchObject({ webhooks: { open: 0 } });
    expect(await posthorn.deliveries.resendMany(['msg_none'])).toMatchObject([
      { id: 'msg_none', problem: { code: 'not_found' } },
    ]);
  });

  test('are tried out with a sample', async () => {
    const { inbox, webhook } = await openInbox(2);
    const sent = await posthorn.webhooks.test(webhook.id);
    const [request] = await eventually(async () => {
      const requests = await posthorn.inboxes.requests(inbox.id).take(1);
      return requests.length > 0 && requests;
    });
    expect(request!.headers).toContainEqual(['webhook-id', sent.delivery]);
    await posthorn.inboxes.delete(inbox.id);
    expect((await rejected(posthorn.inboxes.requests(inbox.id).page())).code).toBe('not_found');
  });
});

describe('events', () => {
  test('arrive byte for byte, and a receiver verifies them with the same package', async () => {
    const secret = 'a tern flies far';
    expect(await posthorn.secrets.set('location:3', secret)).toMatchObject({ isSet: true });
    const receiver = await openReceiver();
    await posthorn.webhooks.create({
      name: 'Receiver',
      actions: ['*'],
      url: `${receiver.url}/calls`,
      location: 3,
    });

    const event = await posthorn.events.report('BookingCreate', '{"Id":12345678901234567890}', {
      location: 3,
    });
    expect(event.deliveries).toBe(1);
    const [request] = await receiver.waitFor(1);
    await receiver.close();

    const { headers, body } = request!;
    expect(body.toString()).toBe('[{"Id":12345678901234567890}]');
    const call = await verify({ secret, headers, body });
    expect(call).toMatchObject({ action: 'BookingCreate', event: event.id, attempt: 1 });
    await verify({ secret, headers, body, scheme: 'nexudus' });
    await expect(verify({ secret: 'another', headers, body })).rejects.toThrow('No signature');

    expect((await posthorn.secrets.get('location:3')).isSet).toBe(true);
    const generated = await posthorn.secrets.generate('location:3', { overlap: '1h' });
    expect(generated.secret).toMatch(/^whsec_/);
    expect(Date.parse(generated.previousUntil!)).toBeGreaterThan(Date.now());
    await posthorn.secrets.delete('location:3');
    expect((await posthorn.secrets.get('location:3')).isSet).toBe(false);
  });

  test('are the same one when their idempotency key is', async () => {
    const report = (record: object) =>
      posthorn.events.report('BookingUpdate', record, { idempotencyKey: 'one', location: 4 });
    const first = await report({ Id: 1 });
    expect(await report({ Id: 1 })).toEqual(first);
    const error = await rejected(report({ Id: 2 }));
    expect(error).toMatchObject({ code: 'idempotency_conflict', status: 409 });
  });

  test('are reported many at once, as objects, text and bytes', async () => {
    const records = [
      { Id: 1 },
      '{\r\n "Id": 2 }',
      new TextEncoder().encode('{\n"Id":3, "Notes":"a\\nb"}'),
    ];
    const reported = await posthorn.events.reportMany(6, records, { location: 5 });
    expect(reported).toHaveLength(3);
    const kept = await Promise.all(reported.map(({ id }) => posthorn.events.get(id)));
    expect(kept.map(({ record }) => record)).toEqual([
      { Id: 1 },
      { Id: 2 },
      { Id: 3, Notes: 'a\nb' },
    ]);
    expect(kept[0]).toMatchObject({ action: 'BookingCreate', location: 5, deliveries: [] });
  });

  test('give their record back as it was', async () => {
    const record = '{ "Id":12345678901234567890, "Price":1.10,"Id":2,"Name":"Zoë" }';
    const { id } = await posthorn.events.report('BookingCreate', record);
    expect(await posthorn.events.record(id)).toBe(record);
    expect((await rejected(posthorn.events.record('evt_none'))).code).toBe('not_found');
  });

  test('are gone through page by page', async () => {
    const before = Date.now();
    const ids = await posthorn.events.reportMany(
      'ProductCreate',
      Array.from({ length: 7 }, (_, i) => ({ Id: i })),
    );
    const query = { action: 'ProductCreate', from: new Date(before - 1000), pageSize: 3 };
    const found: string[] = [];
    for await (const event of posthorn.events.list(query)) found.push(event.id);
    expect(found).toEqual(ids.map(({ id }) => id).toReversed());

    expect(await posthorn.events.list(query).take(5)).toHaveLength(5);
    const first = await posthorn.events.list(query).page();
    expect(first.items).toHaveLength(3);
    const second = await posthorn.events.list(query).page(first.cursor);
    expect(second.items.map(({ id }) => id)).toEqual(found.slice(3, 6));
  });
});

test('deliveries are listed, shown with their attempts and sent again', async () => {
  const { inbox, webhook } = await openInbox(6);
  await posthorn.events.report('BookingCreate', { Id: 1 }, { location: 6 });
  const list = () => posthorn.deliveries.list({ webhook: webhook.id, state: 'delivered' }).take(1);
  const [delivery] = await eventually(async () => (await list()).length > 0 && list());

  const shown = await posthorn.deliveries.get(delivery!.id);
  expect(shown.record).toEqual({ Id: 1 });
  expect(shown.attemptLog).toMatchObject([
    { number: 1, request: { url: inbox.url, body: '[{"Id":1}]' }, response: { status: 204 } },
  ]);

  await posthorn.deliveries.resend(delivery!.id);
  await eventually(async () => (await posthorn.inboxes.requests(inbox.id).take(9)).length === 2);
});

test('apps have keys that may do what they say', async () => {
  const app = await posthorn.apps.create({ name: 'Door system' });
  const key = await posthorn.apps.createKey(app.id, { scopes: ['webhooks:read'] });
  const ofApp = createClient({ url: `${server.url}/`, key: key.key });
  expect(await ofApp.webhooks.list().take(1)).toEqual([]);
  expect(await rejected(ofApp.apps.get(app.id))).toMatchObject({ code: 'forbidden', status: 403 });

  expect((await posthorn.apps.get(app.id)).keys.map(({ id }) => id)).toEqual([key.id]);
  expect(await posthorn.apps.list().take(500)).toContainEqual(app);
  await posthorn.apps.revokeKey(app.id, key.id);
  expect((await rejected(ofApp.webhooks.list().page())).code).toBe('unauthorized');
  await posthorn.apps.delete(app.id);
  expect((await rejected(posthorn.apps.get(app.id))).code).toBe('not_found');
});

test('operators have keys, which are rotated and revoked', async () => {
  const scopes = ['webhooks:read'] as const;
  const old = await posthorn.keys.create({ name: 'Deploy', scopes, location: 7 });
  const next = await posthorn.keys.rotate(old.id, { overlap: '0s' });
  expect(next).toMatchObject({ name: 'Deploy', scopes, location: 7, app: null });
  const asks = (key: string) => createClient({ url: server.url, key }).webhooks.list().take(1);
  expect((await rejected(asks(old.key))).code).toBe('unauthorized');
  expect(await asks(next.key)).toEqual([]);
  const ids = (await posthorn.keys.list().take(500)).map(({ id }) => id);
  expect(ids).toContain(next.id);
  expect(ids).not.toContain(old.id);
  await posthorn.keys.revoke(next.id);
  expect((await rejected(asks(next.key))).code).toBe('unauthorized');
});

test('people are added, changed, linked and removed', async () => {
  const input = { name: 'Grace', email: 'Grace@example.com', role: 'manager' } as const;
  const made = await posthorn.people.create({ ...input, locations: [7] });
  expect(made).toMatchObject({ email: 'grace@example.com', locations: [7], joined: false });
  const { link } = await posthorn.people.link(made.id);
  expect(link).toMatch(/\/join\?token=[\w-]{43}$/);
  expect(link).not.toBe(made.link);
  const changed = await posthorn.people.change(made.id, { role: 'viewer', locations: null });
  expect(await posthorn.people.get(made.id)).toEqual(changed);
  expect(await posthorn.people.list().take(10)).toEqual([changed]);
  await posthorn.people.remove(made.id);
  expect((await rejected(posthorn.people.get(made.id))).code).toBe('not_found');
});

test('locations have names, and notices are listed', async () => {
  expect(await posthorn.locations.put(77, { name: 'Harbour' })).toEqual({
    id: 77,
    name: 'Harbour',
  });
  expect(await posthorn.locations.list().take(500)).toContainEqual({ id: 77, name: 'Harbour' });
  expect(await posthorn.notices.list().take(10)).toEqual([]);
});

test('actions need no key', async () => {
  const { actions } = createClient({ url: server.url });
  expect(await actions.list()).toHaveLength(89);
  expect(await actions.get(6)).toMatchObject({ name: 'BookingCreate', record: 'Booking' });
});

describe('what goes wrong', () => {
  test('says the code, the field and the sentence of the service', async () => {
    const error = await rejected(
      posthorn.webhooks.create({ name: 'No', actions: ['BookingCreate'], url: 'http://10.0.0.1/' }),
    );
    expect(error).toMatchObject({ code: 'blocked_url', field: 'url', status: 400 });
    expect(error.message).toMatch(/^url: /);
    expect((await rejected(posthorn.events.report('BookingCraete', {}))).code).toBe(
      'unknown_action',
    );
  });

  test('ends by the signal, before and during a request', async () => {
    const hanging = await openReceiver({ answer: () => 'hang' });
    const client = createClient({ url: hanging.url });
    const reason = new Error('enough');
    await expect(client.actions.list({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(hanging.requests).toHaveLength(0);

    const stop = new AbortController();
    const listing = client.actions.list({ signal: stop.signal });
    void hanging.waitFor(1).then(() => stop.abort(reason));
    await expect(listing).rejects.toBe(reason);
    await hanging.close();
  });

  test('is unreachable without an answer, in time or at all', async () => {
    const hanging = await openReceiver({ answer: () => 'hang' });
    const late = createClient({ url: hanging.url, timeoutMs: 50 });
    const error = await rejected(late.actions.list());
    expect(error).toMatchObject({ code: 'unreachable', status: null });
    expect(error.message).toContain('no answer within 50 ms');
    await hanging.close();
    const refused = await rejected(createClient({ url: hanging.url }).actions.list());
    expect(refused.message).toContain('ECONNREFUSED');
  });

  test('is unexpected when somebody else answers, and no key follows a redirect', async () => {
    const elsewhere = await openReceiver();
    const other = await openReceiver({
      answer: ({ path }) =>
        path === '/v1/actions'
          ? { status: 302, headers: { location: elsewhere.url } }
          : { status: 200, body: '<html>' },
    });
    const client = createClient({ url: other.url, key: 'secret' });
    expect(await rejected(client.actions.list())).toMatchObject({
      code: 'unexpected_answer',
      status: 302,
    });
    expect((await rejected(client.actions.get('x'))).code).toBe('unexpected_answer');
    expect(elsewhere.requests).toHaveLength(0);
    await Promise.all([elsewhere.close(), other.close()]);
  });

  test.each([
    [{ url: 'posthorn' }, /URL/],
    [{ url: 'ftp://127.0.0.1' }, /ftp:/],
    [{ url: 'http://127.0.0.1', key: 'a\nb' }, /key/],
    [{ url: 'http://127.0.0.1', timeoutMs: 0 }, /timeoutMs/],
  ])('is said at once about the options %j', (options, message) => {
    expect(() => createClient(options)).toThrow(message);
  });
});

test('what happens is heard as it happens, until the signal ends it', async () => {
  const ending = new AbortController();
  const inbox = await posthorn.inboxes.create();
  const heard: LiveMessage[] = [];
  const listening = (async () => {
    for await (const message of posthorn.live({ signal: ending.signal, inbox: inbox.id })) {
      heard.push(message);
    }
  })();
  await eventually(() => heard[0]?.kind === 'listening');
  await fetch(inbox.url, { method: 'POST', body: 'x' });
  await eventually(() => heard.length === 2);
  expect(heard[1]).toEqual({ kind: 'request', data: { inbox: inbox.id, number: 1 } });
  ending.abort();
  await expect(listening).rejects.toThrow('aborted');
  const refused = createClient({ url: server.url, key: 'ph_nobody' }).live();
  expect((await rejected(refused[Symbol.asyncIterator]().next())).code).toBe('unauthorized');
});
