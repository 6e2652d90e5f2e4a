import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import {
  createWebhook,
  deliveriesOf,
  getWebhook,
  report,
  waitForStates,
  type WebhookAnswer,
} from '../asking.ts';
import { type Started, startServer } from '../start.ts';

let server: Started;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver();
  server = await startServer();
});
afterAll(async () => {
  await server.stop();
  await receiver.close();
});

const URL_OK = 'https://hooks.example.com/in';
/** Of an action that no test reports, so nothing is ever sent there. */
const IDLE = { url: URL_OK, actions: ['BlogPostCreate'] };
const INSTANT = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

it('refuses to say what becomes of held deliveries without switching on', async () => {
  const { id } = await createWebhook(server, { ...IDLE, name: 'Held' });
  const answer = await server.api('PATCH', `/v1/webhooks/${id}`, { held: 'drop' });
  expect(answer.status).toBe(400);
  expect(answer.json).toMatchObject({ code: 'invalid_request', field: 'held' });
});

describe('creating', () => {
  it('answers 201 with the whole webhook and where it is', async () => {
    const answer = await server.api('POST', '/v1/webhooks', {
      name: 'Bookings to the door system',
      actions: ['BookingDelete', 'BookingCreate', 6],
      url: URL_OK,
      location: 12,
      description: 'Opens the door',
    });
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({
      id: expect.any(Number),
      uniqueId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      name: 'Bookings to the door system',
      actions: ['BookingCreate', 'BookingDelete'],
      url: URL_OK,
      location: 12,
      description: 'Opens the door',
      active: true,
      state: 'healthy',
      errorCount: 0,
      lastError: null,
      lastTrigger: null,
      createdAt: INSTANT,
      updatedAt: INSTANT,
    });
    expect(answer.headers.get('location')).toBe(`/v1/webhooks/${answer.json.id}`);
    const read = await server.api('GET', `/v1/webhooks/${answer.json.id}`);
    expect(read.status).toBe(200);
    const { warnings: _, ...webhook } = answer.json as Record<string, unknown>;
    expect(read.json).toMatchObject(webhook);
  });

  it('takes names of any language', async () => {
    const name = 'Büro Zürich – 東京 🏢';
    const { id } = await createWebhook(server, { ...IDLE, name });
    expect((await getWebhook(server, id)).name).toBe(name);
  });

  it('can make a webhook that is off from the start', async () => {
    const webhook = await createWebhook(server, { ...IDLE, active: false });
    expect(webhook).toMatchObject({ active: false, state: 'off', disabledReason: 'person' });
  });

  const ok = { name: 'n', actions: ['BookingCreate'], url: URL_OK };
  it.each<[string, unknown, string]>([
    ['no name', { ...ok, name: undefined }, 'name'],
    ['an empty name', { ...ok, name: '' }, 'name'],
    ['a name of white space', { ...ok, name: ' \t' }, 'name'],
    ['a name of 201 characters', { ...ok, name: 'n'.repeat(201) }, 'name'],
    ['a name that is a number', { ...ok, name: 1 }, 'name'],
    ['no actions', { ...ok, actions: undefined }, 'actions'],
    ['an empty list of actions', { ...ok, actions: [] }, 'actions'],
    ['one action that is no list', { ...ok, actions: 'BookingCreate' }, 'actions'],
    ['an unknown action', { ...ok, actions: ['BookingCreate', 'BokingUpdate'] }, 'actions'],
    ['an unknown value', { ...ok, actions: [91] }, 'actions'],
    ['the action None', { ...ok, actions: ['None'] }, 'actions'],
    ['all actions and one more', { ...ok, actions: ['*', 'BookingCreate'] }, 'actions'],
    ['an action that is an object', { ...ok, actions: [{}] }, 'actions.0'],
    ['no URL', { ...ok, url: undefined }, 'url'],
    ['an empty URL', { ...ok, url: '' }, 'url'],
    ['a URL that is none', { ...ok, url: 'not a url' }, 'url'],
    ['a URL without a scheme', { ...ok, url: 'hooks.example.com' }, 'url'],
    ['an ftp URL', { ...ok, url: 'ftp://hooks.example.com/' }, 'url'],
    ['a file URL', { ...ok, url: 'file:///etc/passwd' }, 'url'],
    ['a URL with a password', { ...ok, url: 'https://a:b@hooks.example.com/' }, 'url'],
    ['a URL to a private address', { ...ok, url: 'http://10.0.0.1/' }, 'url'],
    ['a URL to cloud metadata', { ...ok, url: 'http://169.254.169.254/latest' }, 'url'],
    ['a URL with a line break', { ...ok, url: 'https://hooks.example.com/\na' }, 'url'],
    ['a URL of 2,049 characters', { ...ok, url: `${URL_OK}/${'u'.repeat(2048)}` }, 'url'],
    ['a location that is a text', { ...ok, location: '5' }, 'location'],
    ['location 0', { ...ok, location: 0 }, 'location'],
    ['a location beyond 2^53', { ...ok, location: 2 ** 53 }, 'location'],
    ['a long description', { ...ok, description: 'd'.repeat(2001) }, 'description'],
    ['a description that is null', { ...ok, description: null }, 'description'],
    ['active as a text', { ...ok, active: 'true' }, 'active'],
    ['concurrency 0', { ...ok, concurrency: 0 }, 'concurrency'],
    ['an unknown field', { ...ok, colour: 'red' }, 'colour'],
  ])('with %s is refused and names the field', async (_title, body, field) => {
    const answer = await server.api('POST', '/v1/webhooks', body);
    expect(answer.json).toMatchObject({ status: 400, field });
    expect(answer.json.detail).toContain(field.split('.')[0]);
  });

  it('says which action was probably meant', async () => {
    const answer = await server.api('POST', '/v1/webhooks', { ...ok, actions: ['BokingUpdate'] });
    expect(answer.json.detail).toContain('BookingUpdate');
  });

  it.each<[string, string, number]>([
    ['broken JSON', '{"name":', 400],
    ['an array', '[]', 400],
    ['null', 'null', 400],
    ['nothing', '', 400],
  ])('with %s as the body is refused', async (_title, body, status) => {
    const answer = await server.api('POST', '/v1/webhooks', body);
    expect(answer.json).toMatchObject({ status });
  });
});

describe('changing', () => {
  it('changes what is given and nothing else', async () => {
    const before = await createWebhook(server, { ...IDLE, location: 3, description: 'd' });
    const answer = await server.api('PATCH', `/v1/webhooks/${before.id}`, {
      name: 'New',
      actions: ['BookingUpdate'],
    });
    expect(answer.status).toBe(200);
    const { updatedAt, ...rest } = before;
    expect(answer.json).toMatchObject({ ...rest, name: 'New', actions: ['BookingUpdate'] });
    expect(Date.parse(answer.json.updatedAt as string)).toBeGreaterThanOrEqual(
      Date.parse(updatedAt),
    );
    expect(await getWebhook(server, before.id)).toMatchObject(answer.json as object);
  });

  it.each<[string, unknown, string | undefined]>([
    ['an empty name', { name: '' }, 'name'],
    ['a forbidden URL', { url: 'http://10.0.0.1/' }, 'url'],
    ['an unknown action', { actions: ['Nothing'] }, 'actions'],
    ['the id', { id: 5 }, 'id'],
    ['the error count', { errorCount: 0 }, 'errorCount'],
    ['an unknown word for held', { active: true, held: 'keep' }, 'held'],
    ['nothing', {}, undefined],
  ])('with %s is refused and changes nothing', async (_title, body, field) => {
    const before = await createWebhook(server, IDLE);
    const answer = await server.api('PATCH', `/v1/webhooks/${before.id}`, body);
    expect(answer.json).toMatchObject({ status: 400 });
    expect(answer.json.field).toBe(field);
    expect(await getWebhook(server, before.id)).toMatchObject(before);
  });

  it('of the URL, actions or location counts from the next event on', async () => {
    const { id } = await createWebhook(server, {
      url: `${receiver.url}/old`,
      actions: ['BookingCreate'],
      location: 41,
    });
    const before = receiver.requests.length;
    await report(server, 'BookingCreate', { Id: 1 }, '?location=41');
    await receiver.waitFor(before + 1);
    await server.api('PATCH', `/v1/webhooks/${id}`, {
      url: `${receiver.url}/new`,
      actions: ['BookingUpdate'],
      location: 42,
    });
    await report(server, 'BookingCreate', { Id: 2 }, '?location=42');
    await report(server, 'BookingUpdate', { Id: 3 }, '?location=41');
    await report(server, 'BookingUpdate', { Id: 4 }, '?location=42');
    await receiver.waitFor(before + 2);
    expect(await waitForStates(server, id, ['delivered'], 2)).toHaveLength(2);
    expect(
      receiver.requests.slice(before).map(({ path, body }) => [path, String(body)]),
    ).toStrictEqual([
      ['/old', '[{"Id":1}]'],
      ['/new', '[{"Id":4}]'],
    ]);
  });
});

describe('what is not there', () => {
  it.each(['GET', 'PATCH', 'DELETE'])('is answered 404 to %s', async (method) => {
    const body = method === 'PATCH' ? { name: 'n' } : undefined;
    const answer = await server.api(method, '/v1/webhooks/999999', body);
    expect(answer.json).toMatchObject({ status: 404, code: 'not_found' });
  });

  it.each(['0', '-1', 'x', '1e3', '99999999999999999999'])('id %s is no id', async (id) => {
    expect([400, 404]).toContain((await server.api('GET', `/v1/webhooks/${id}`)).status);
  });
});

describe('deleting', () => {
  it('removes a webhook from view and from what events match', async () => {
    const { id } = await createWebhook(server, { url: receiver.url, actions: ['TeamCreated'] });
    expect((await server.api('DELETE', `/v1/webhooks/${id}`)).status).toBe(204);
    expect((await server.api('GET', `/v1/webhooks/${id}`)).status).toBe(404);
    expect((await server.api('DELETE', `/v1/webhooks/${id}`)).status).toBe(404);
    const { json } = await server.api('POST', '/v1/events/TeamCreated', { Id: 1 });
    expect(json.events).toMatchObject([{ deliveries: 0 }]);
  });

  it('cancels what waits, and says why', async () => {
    const { id } = await createWebhook(server, {
      url: receiver.url,
      actions: ['TeamUpdated'],
      active: false,
    });
    await report(server, 'TeamUpdated');
    await report(server, 'TeamUpdated');
    await server.api('DELETE', `/v1/webhooks/${id}`);
    const deliveries = await waitForStates(server, id, ['cancelled'], 2);
    expect(deliveries.map(({ reason }) => reason)).toStrictEqual([
      'webhook_deleted',
      'webhook_deleted',
    ]);
  });

  it('while a call is under way ends the delivery with that call', async () => {
    const { promise, resolve } = Promise.withResolvers<number>();
    const slow = await openReceiver({ answer: () => promise });
    const { id } = await createWebhook(server, { url: slow.url, actions: ['TeamDeleted'] });
    await report(server, 'TeamDeleted');
    await slow.waitFor(1);
    await server.api('DELETE', `/v1/webhooks/${id}`);
    resolve(500);
    const [delivery] = await waitForStates(server, id, ['cancelled']);
    expect(delivery).toMatchObject({ attempts: 1, reason: 'webhook_deleted' });
    expect(slow.requests).toHaveLength(1);
    await slow.close();
  });

  it('does not give its id to another', async () => {
    const { id } = await createWebhook(server, IDLE);
    await server.api('DELETE', `/v1/webhooks/${id}`);
    expect((await createWebhook(server, IDLE)).id).toBeGreaterThan(id);
  });
});

describe('matching', () => {
  it('sends an event to every webhook that asked for its action at its location', async () => {
    const ask = (path: string, actions: string[], location: number | null) =>
      createWebhook(server, { url: `${receiver.url}/${path}`, actions, location });
    const webhooks = [
      await ask('one', ['TariffCreate'], 71),
      await ask('several', ['TariffUpdate', 'TariffCreate'], null),
      await ask('all', ['*'], 71),
      await ask('other-action', ['TariffUpdate'], 71),
      await ask('other-location', ['TariffCreate'], 72),
      await ask('all-elsewhere', ['*'], 72),
    ];
    const before = receiver.requests.length;
    const names = new Map<string, number>();
    const tell = async (query: string) => {
      const answer = await server.api('POST', `/v1/events/TariffCreate${query}`, { Id: 1 });
      expect(answer.status, answer.text).toBe(202);
      names.set(query, (answer.json as { events: { deliveries: number }[] }).events[0]!.deliveries);
    };
    await tell('?location=71');
    await tell('');
    await tell('?location=73');
    expect(Object.fromEntries(names)).toStrictEqual({
      '?location=71': 3,
      '': 1,
      '?location=73': 1,
    });
    await receiver.waitFor(before + 5);
    const paths = receiver.requests.slice(before).map(({ path }) => path);
    expect(paths.toSorted()).toStrictEqual(['/all', '/one', '/several', '/several', '/several']);
    await remove(webhooks);
  });

  it('gives a webhook that asked twice over one delivery', async () => {
    const webhook = await createWebhook(server, {
      url: receiver.url,
      actions: [6, '6', 'BookingCreate', 'bookingcreate'],
      location: 81,
    });
    expect(webhook.actions).toStrictEqual(['BookingCreate']);
    await report(server, 'BookingCreate', { Id: 1 }, '?location=81');
    expect(await waitForStates(server, webhook.id, ['delivered'])).toHaveLength(1);
    await remove([webhook]);
  });

  it('never misses an event reported after the webhook was created', async () => {
    for (let i = 0; i < 20; i++) {
      const { id } = await createWebhook(server, { url: receiver.url, location: 5000 + i });
      await report(server, 'BookingCreate', { Id: i }, `?location=${5000 + i}`);
      expect(await deliveriesOf(server, id)).toHaveLength(1);
    }
  });
});

describe('listing', () => {
  it('goes through all webhooks by pages and filters', async () => {
    const made: number[] = [];
    for (let i = 0; i < 7; i++) {
      const { id } = await createWebhook(server, {
        ...IDLE,
        location: 91,
        actions: i % 2 === 0 ? ['ProductCreate'] : ['ProductUpdate'],
        active: i !== 6,
      });
      made.push(id);
    }
    const idsOf = async (query: string) => {
      const seen: number[] = [];
      for (let cursor = ''; ;) {
        const { json } = await server.api(
          'GET',
          `/v1/webhooks?location=91&limit=3${query}${cursor}`,
        );
        seen.push(...(json as { items: WebhookAnswer[] }).items.map(({ id }) => id));
        if (json.cursor === null) return seen;
        cursor = `&cursor=${json.cursor}`;
      }
    };
    expect(await idsOf('')).toStrictEqual(made);
    expect(await idsOf('&action=ProductUpdate')).toStrictEqual([made[1], made[3], made[5]]);
    expect(await idsOf('&active=false')).toStrictEqual([made[6]]);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=501', 'limit'],
    ['limit=x', 'limit'],
    ['cursor=rubbish', 'cursor'],
    ['action=Nothing', 'action'],
    ['active=perhaps', 'active'],
  ])('refuses %s and names the field', async (query, field) => {
    const answer = await server.api('GET', `/v1/webhooks?${query}`);
    expect(answer.json.field).toBe(field);
    expect([400, 404]).toContain(answer.status);
  });
});

describe('locations', () => {
  it('need no set-up, and can be named', async () => {
    await createWebhook(server, { ...IDLE, location: 3001 });
    const locations = async () =>
      (await server.api('GET', '/v1/locations?limit=500')).json.items as {
        id: number;
        name: string | null;
      }[];
    expect(await locations()).toContainEqual(expect.objectContaining({ id: 3001, name: null }));
    const named = await server.api('PUT', '/v1/locations/3001', { name: 'Old Mill' });
    expect(named.status).toBe(200);
    expect(await locations()).toContainEqual(
      expect.objectContaining({ id: 3001, name: 'Old Mill' }),
    );
    await server.api('PUT', '/v1/locations/3002', { name: 'Not yet open' });
    expect(await locations()).toContainEqual(expect.objectContaining({ id: 3002 }));
  });

  it.each<[string, unknown, string]>([
    ['0', { name: 'n' }, 'id'],
    ['x', { name: 'n' }, 'id'],
    ['5', { name: '' }, 'name'],
    ['5', {}, 'name'],
    ['5', { name: 'n', city: 'Leeds' }, 'city'],
  ])('%s with %j is refused by name', async (id, body, field) => {
    const answer = await server.api('PUT', `/v1/locations/${id}`, body);
    expect(answer.json).toMatchObject({ status: 400, field });
  });
});

async function remove(webhooks: readonly WebhookAnswer[]): Promise<void> {
  for (const { id } of webhooks) await server.api('DELETE', `/v1/webhooks/${id}`);
}
