import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import { SCOPES } from '../../src/settings/principal.ts';
import { createWebhook, report, waitForStates } from '../asking.ts';
import { type Browser, join } from '../people.ts';
import { API_KEY, type ApiAnswer, type Started, startServer } from '../start.ts';

/**
 * What a key must not see, it cannot reach by any route that the API describes: one that is added
 * later is tried as well, without a word here.
 */

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minProperties?: number;
  readonly items?: Schema;
  readonly minimum?: number;
}

interface Route {
  readonly method: string;
  /** `/v1/webhooks/{id}` */
  readonly path: string;
  readonly body: unknown;
}

const OPERATOR = { authorization: `Bearer ${API_KEY}` };
const HERE = 7;
const ELSEWHERE = 8;
/** In everything that belongs to the app and the location here. */
const MARK = 'harbour-only';

let server: Started;
let receiver: Receiver;
let routes: readonly Route[];
/** The one thing of each kind that others must not reach, by the segment before it in a path. */
let objects: Readonly<Record<string, string>>;
let strangers: Readonly<Record<Stranger, Browser>>;

const STRANGERS = [
  'the key of another app',
  'the key of an operator at another location',
  'the key of the app at another location',
  'a manager of other locations',
] as const;
type Stranger = (typeof STRANGERS)[number];

/** An action is of nobody. */
const OPEN: Readonly<Record<Stranger, readonly string[]>> = {
  'the key of another app': ['actions'],
  'the key of an operator at another location': ['actions'],
  'the key of the app at another location': ['actions'],
  'a manager of other locations': ['actions'],
};

beforeAll(async () => {
  receiver = await openReceiver();
  server = await startServer({ env: { POSTHORN_SIGN_ASYMMETRIC: 'on' } });
  const makeApp = async (name: string) =>
    (await ask('POST', '/v1/apps', { name })).json.id as number;
  const makeKey = async (app: number, location?: number) =>
    bearer(await ask('POST', `/v1/apps/${app}/keys`, { name: MARK, scopes: SCOPES, location }));
  const [app, otherApp] = [await makeApp(MARK), await makeApp('Other')];
  const owner = await makeKey(app);
  const keyOfApp = await ask('POST', `/v1/apps/${app}/keys`, { name: MARK });
  strangers = {
    'the key of another app': await makeKey(otherApp),
    'the key of an operator at another location': bearer(
      await ask('POST', '/v1/keys', { scopes: SCOPES, location: ELSEWHERE }),
    ),
    'the key of the app at another location': await makeKey(app, ELSEWHERE),
    'a manager of other locations': await join(server, {
      email: 'grace@example.com',
      role: 'manager',
      locations: [ELSEWHERE, ELSEWHERE + 1],
    }),
  };
  const person = { name: MARK, email: 'ada@example.com', role: 'viewer', locations: [HERE] };
  const { json: ada } = await ask('POST', '/v1/people', person);

  const input = { url: receiver.url, location: HERE, name: MARK };
  const webhook = await createWebhook(server, input, owner);
  const event = await report(server, 'BookingCreate', { Name: MARK }, `?location=${HERE}`);
  const [delivery] = await waitForStates(server, webhook.id, ['delivered']);
  const atHere = await ask('POST', `/v1/apps/${app}/keys`, { scopes: SCOPES, location: HERE });
  const inbox = await ask('POST', '/v1/inboxes', {}, bearer(atHere));
  await ask('PUT', `/v1/secrets/app:${app}`, { secret: MARK });
  await ask('PUT', `/v1/secrets/location:${HERE}`, { secret: MARK });
  await ask('PUT', `/v1/locations/${HERE}`, { name: MARK });
  objects = {
    actions: 'BookingCreate',
    apps: String(app),
    deliveries: delivery!.id,
    events: event,
    inboxes: inbox.json.id as string,
    keys: keyOfApp.json.id as string,
    locations: String(HERE),
    people: String(ada.id),
    secrets: `location:${HERE}`,
    webhooks: String(webhook.id),
  };
  const { json } = await ask('GET', '/v1/openapi.json');
  routes = routesOf(json as Parameters<typeof routesOf>[0]);
});
afterAll(async () => {
  await server.stop();
  await receiver.close();
});

/** As the operator, unless told otherwise; setting up must go well. */
async function ask(method: string, path: string, body?: unknown, headers: Browser = OPERATOR) {
  const answer = await server.api(method, path, body, headers);
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.text}`);
  return answer;
}

function bearer({ json }: ApiAnswer): { authorization: string } {
  return { authorization: `Bearer ${json.key}` };
}

function routesOf({
  paths,
}: {
  paths: Readonly<Record<string, Readonly<Record<string, { requestBody?: unknown }>>>>;
}): Route[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { requestBody }]) => {
      const content = (requestBody as { content?: Record<string, { schema: Schema }> })?.content;
      const schema = content?.['application/json']?.schema;
      return { method: method.toUpperCase(), path, body: schema && leastOf(schema, path) };
    }),
  );
}

/** The least that a schema takes. */
function leastOf(schema: Schema, name: string): unknown {
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf) return leastOf(schema.anyOf[0]!, name);
  switch (schema.type) {
    case 'object': {
      const all = Object.entries(schema.properties ?? {});
      const wanted = all.filter(([key]) => schema.required?.includes(key));
      const taken = wanted.length < (schema.minProperties ?? 0) ? all.slice(0, 1) : wanted;
      return Object.fromEntries(taken.map(([key, value]) => [key, leastOf(value, key)]));
    }
    case 'array':
      return [leastOf(schema.items!, name)];
    case 'integer':
      return schema.minimum ?? 1;
    case 'boolean':
      return true;
    case undefined:
    default:
      return name === 'url' ? receiver.url : 'BookingCreate';
  }
}

const SEGMENT = /\/([^/]+)\/\{[^}]+\}/g;

/** What a path is about, each with its kind. */
function kindsOf(path: string): string[] {
  return [...path.matchAll(SEGMENT)].map(([, kind]) => kind!);
}

function filled(path: string): string {
  return path.replaceAll(SEGMENT, (_, kind: string) => {
    const id = objects[kind];
    if (id === undefined) throw new Error(`say which of the ${kind} others must not reach`);
    return `/${kind}/${encodeURIComponent(id)}`;
  });
}

const isReport = ({ method, path }: Route) => method === 'POST' && path.startsWith('/v1/events/');

describe.each(STRANGERS)('%s', (stranger) => {
  it('is answered 404 for every object of others on every route, or 403 on those of operators', async () => {
    const tried: string[] = [];
    for (const route of routes) {
      const kinds = kindsOf(route.path);
      if (kinds.length === 0 || isReport(route)) continue;
      if (kinds.every((kind) => OPEN[stranger].includes(kind))) continue;
      const path = filled(route.path);
      const answer = await server.api(route.method, path, route.body, strangers[stranger]);
      const told = `${route.method} ${route.path}: ${answer.text}`;
      if (answer.status === 403) expect(told).toMatch(/Only an operator|of app:\d+ only/);
      else expect(answer.status, told).toBe(404);
      expect(answer.text, told).not.toContain(MARK);
      tried.push(`${route.method} ${route.path}`);
    }
    expect(tried).toEqual(
      expect.arrayContaining([
        'PATCH /v1/webhooks/{id}',
        'POST /v1/deliveries/{id}/resend',
        'DELETE /v1/inboxes/{id}',
        'POST /v1/keys/{id}/rotate',
        'POST /v1/people/{id}/link',
        'POST /v1/secrets/{scope}/reveal',
      ]),
    );
  });

  it('finds nothing of others in any list', async () => {
    for (const { method, path } of routes) {
      // What is heard there never ends; a test of its own tries its bounds.
      if (path === '/v1/live') continue;
      if (method !== 'GET' || path.includes('{') || !path.startsWith('/v1/')) continue;
      // It tells of whoever asks, and nothing else.
      if (path === '/v1/session') continue;
      const answer = await server.api(method, `${path}?limit=500`, undefined, strangers[stranger]);
      expect([200, 403], `${path}: ${answer.text}`).toContain(answer.status);
      if (answer.status === 403) expect(answer.json.detail).toBe('Only an operator may do this.');
      expect(answer.text, path).not.toContain(MARK);
      for (const kind of ['deliveries', 'events', 'inboxes', 'keys'])
        expect(answer.text, path).not.toContain(objects[kind]);
    }
  });
});

it('whoever may see them reaches every one of these objects, and nothing happened to them', async () => {
  const reached: string[] = [];
  for (const { method, path } of routes) {
    if (method !== 'GET' || !path.includes('{')) continue;
    const answer = await server.api(method, filled(path), undefined, OPERATOR);
    expect(answer.status, `${path}: ${answer.text}`).toBe(200);
    reached.push(path);
  }
  expect(reached).toContain('/v1/inboxes/{id}/requests');
  const webhook = await ask('GET', `/v1/webhooks/${objects['webhooks']}`);
  expect(webhook.json).toMatchObject({ name: MARK, location: HERE, active: true });
  const keys = await ask('GET', '/v1/keys?limit=500');
  expect(keys.text).toContain(objects['keys']);
  expect(receiver.requests).toHaveLength(1);
});

describe('the key of an app', () => {
  it('sees the events that its webhooks got, newest first, and the locations of these', async () => {
    const { id: app } = (await ask('POST', '/v1/apps', { name: 'Reader' })).json;
    const scopes = ['events:read', 'events:write', 'webhooks:read', 'webhooks:write'];
    const key = bearer(await ask('POST', `/v1/apps/${app}/keys`, { scopes }));
    const read = async (query = '') =>
      (await ask('GET', `/v1/events?${query}`, undefined, key)).json as {
        items: { id: string }[];
        cursor: string | null;
      };
    const actions = { url: receiver.url, location: 21 };
    const first = await createWebhook(server, { ...actions, actions: ['BookingCreate'] }, key);
    const second = await createWebhook(server, { ...actions, actions: ['*'] }, key);
    // One that only others get, also if the app itself reports it.
    const reported = await ask('POST', '/v1/events/BookingCreate?location=22', { Id: 1 }, key);
    const [own] = reported.json.events as { id: string }[];
    const got: string[] = [];
    for (const action of ['BookingCreate', 'TariffCreate', 'BookingCreate']) {
      got.unshift(await report(server, action, { Id: 1 }, '?location=21'));
    }
    await waitForStates(server, second.id, ['delivered'], 3);

    expect((await read()).items.map(({ id }) => id)).toStrictEqual(got);
    const page = await read('limit=2');
    expect(page.items.map(({ id }) => id)).toStrictEqual(got.slice(0, 2));
    const rest = await read(`limit=2&cursor=${page.cursor}`);
    expect(rest.items.map(({ id }) => id)).toStrictEqual(got.slice(2));
    const tariffs = await read('action=TariffCreate&from=2001-01-01&to=2100-01-01');
    expect(tariffs.items.map(({ id }) => id)).toStrictEqual([got[1]]);
    expect((await read('to=2001-01-01')).items).toStrictEqual([]);
    expect((await read('location=22')).items).toStrictEqual([]);
    const one = await ask('GET', `/v1/events/${got[0]}`, undefined, key);
    expect(one.json.deliveries).toMatchObject([{ webhook: first.id }, { webhook: second.id }]);
    expect((await server.api('GET', `/v1/events/${own!.id}`, undefined, key)).status).toBe(404);

    const { json } = await ask('GET', '/v1/locations', undefined, key);
    expect(json.items).toStrictEqual([{ id: 21, name: null }]);

    // What a webhook got that is gone stays in the log, and so does its event; lists forget it.
    for (const { id } of [first, second]) await ask('DELETE', `/v1/webhooks/${id}`, undefined, key);
    expect((await ask('GET', `/v1/events/${got[0]}`, undefined, key)).status).toBe(200);
    expect((await read()).items).toStrictEqual([]);
    expect((await ask('GET', '/v1/locations', undefined, key)).json.items).toStrictEqual([]);
  });
});

describe('a key that is bound to a location', () => {
  const key = () => strangers['the key of an operator at another location'];
  const call = (method: string, path: string, body?: unknown) =>
    server.api(method, path, body, key());

  it('makes webhooks and reports events there, and is refused anywhere else', async () => {
    const hook = { name: 'n', actions: ['BookingCreate'], url: receiver.url };
    const made = await call('POST', '/v1/webhooks', hook);
    expect(made.json).toMatchObject({ location: ELSEWHERE });
    for (const location of [HERE, null]) {
      const refused = await call('POST', '/v1/webhooks', { ...hook, location });
      expect(refused.json).toMatchObject({ status: 403, field: 'location' });
      const moved = await call('PATCH', `/v1/webhooks/${made.json.id}`, { location });
      expect(moved.json).toMatchObject({ status: 403, field: 'location' });
    }
    const reported = await call('POST', '/v1/events/BookingCreate', { Id: 1 });
    const event = await call('GET', `/v1/events/${reported.json.events[0].id}`);
    expect(event.json).toMatchObject({
      location: ELSEWHERE,
      deliveries: [{ webhook: made.json.id }],
    });
    const refused = await call('POST', `/v1/events/BookingCreate?location=${HERE}`, { Id: 1 });
    expect(refused.json).toMatchObject({ status: 403, field: 'location' });
    expect((await call('DELETE', `/v1/webhooks/${made.json.id}`)).status).toBe(204);
  });

  it('sees no webhook of all locations, and of what one got here only the events', async () => {
    const everywhere = await createWebhook(server, { url: receiver.url, location: null });
    const event = await report(server, 'BookingCreate', { Id: 2 }, `?location=${ELSEWHERE}`);
    await waitForStates(server, everywhere.id, ['delivered']);
    expect((await call('GET', `/v1/webhooks/${everywhere.id}`)).status).toBe(404);
    expect((await call('GET', `/v1/events/${event}`)).json).toMatchObject({ deliveries: [] });
  });

  it('leaves what a webhook got at its old location behind', async () => {
    const input = { url: receiver.url, location: HERE };
    const webhook = await createWebhook(server, input);
    await report(server, 'BookingCreate', { Id: 3 }, `?location=${HERE}`);
    const [delivery] = await waitForStates(server, webhook.id, ['delivered']);
    await ask('PATCH', `/v1/webhooks/${webhook.id}`, { location: ELSEWHERE });
    expect((await call('GET', `/v1/webhooks/${webhook.id}`)).status).toBe(200);
    expect((await call('GET', `/v1/deliveries/${delivery!.id}`)).status).toBe(404);
  });

  it('manages the secret of its location', async () => {
    const own = `/v1/secrets/location:${ELSEWHERE}`;
    expect((await call('PUT', own, { secret: 's' })).status).toBe(200);
    expect((await call('PUT', '/v1/secrets/default', { secret: 's' })).status).toBe(403);
  });

  it('uses Idempotency-Keys of its own', async () => {
    const headers = { 'idempotency-key': 'same' };
    const path = `/v1/events/BookingCreate?location=${ELSEWHERE}`;
    const ofAll = await server.api('POST', path, { Id: 4 }, { ...OPERATOR, ...headers });
    const ofOne = await server.api('POST', path, { Id: 4 }, { ...key(), ...headers });
    expect(ofOne.status).toBe(202);
    expect(ofOne.json.events[0].id).not.toBe(ofAll.json.events[0].id);
  });
});
