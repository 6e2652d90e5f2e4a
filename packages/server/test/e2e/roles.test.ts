import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Browser, OWN_PAGE, PASSWORD, browserOf, join, setUp, signIn } from '../people.ts';
import { API_KEY, type Started, startServer } from '../start.ts';

let server: Started;
let people: Readonly<Record<'operator' | 'manager' | 'everywhere' | 'viewer', Browser>>;
beforeAll(async () => {
  server = await startServer();
  people = {
    operator: await setUp(server),
    manager: await join(server, { email: 'grace@example.com', role: 'manager', locations: [7, 8] }),
    everywhere: await join(server, { email: 'jean@example.com', role: 'manager', locations: null }),
    viewer: await join(server, { email: 'mary@example.com', role: 'viewer', locations: null }),
  };
});
afterAll(() => server.stop());

const HOOK = { name: 'n', actions: ['*'], url: 'https://hooks.example.com/', active: false };
type Answers = readonly [operator: number, manager: number, everywhere: number, viewer: number];

it.each<[string, string, unknown, Answers]>([
  ['GET', '/v1/webhooks', undefined, [200, 200, 200, 200]],
  ['GET', '/v1/deliveries', undefined, [200, 200, 200, 200]],
  ['GET', '/v1/events', undefined, [200, 200, 200, 200]],
  ['GET', '/v1/notices', undefined, [200, 200, 200, 200]],
  ['GET', '/v1/locations', undefined, [200, 200, 200, 200]],
  ['POST', '/v1/webhooks', { ...HOOK, location: 7 }, [201, 201, 201, 403]],
  ['POST', '/v1/webhooks', { ...HOOK, location: null }, [201, 403, 201, 403]],
  ['POST', '/v1/webhooks', HOOK, [201, 403, 201, 403]],
  ['POST', '/v1/events/BookingCreate?location=8', { Id: 1 }, [202, 202, 202, 403]],
  ['POST', '/v1/events/BookingCreate?location=9', { Id: 1 }, [202, 403, 202, 403]],
  ['POST', '/v1/inboxes', { secretScope: 'location:8' }, [201, 201, 201, 403]],
  ['PUT', '/v1/secrets/location:8', { secret: 's' }, [200, 200, 200, 403]],
  ['GET', '/v1/secrets/location:9', undefined, [200, 404, 200, 403]],
  ['PUT', '/v1/secrets/default', { secret: 's' }, [200, 403, 200, 403]],
  ['GET', '/v1/apps', undefined, [200, 403, 403, 403]],
  ['POST', '/v1/keys', {}, [201, 403, 403, 403]],
  ['GET', '/v1/keys', undefined, [200, 403, 403, 403]],
  ['PUT', '/v1/locations/7', { name: 'n' }, [200, 403, 403, 403]],
  ['GET', '/v1/audit', undefined, [200, 403, 403, 403]],
  ['GET', '/v1/people', undefined, [200, 403, 403, 403]],
  ['GET', '/metrics', undefined, [200, 403, 403, 403]],
  ['PATCH', '/v1/me', { name: 'New name' }, [200, 200, 200, 200]],
])('%s %s %j is for those whose role allows it', async (method, path, body, wanted) => {
  const answers = [];
  for (const browser of Object.values(people)) {
    answers.push((await server.api(method, path, body, browser)).status);
  }
  expect(answers).toStrictEqual([...wanted]);
});

it('a viewer changes nothing by any route that the API describes', async () => {
  const { json } = await server.api('GET', '/v1/openapi.json');
  type Routes = Record<string, Record<string, { security?: unknown[] }>>;
  const tried: string[] = [];
  for (const [path, methods] of Object.entries((json as { paths: Routes }).paths)) {
    for (const [method, { security }] of Object.entries(methods)) {
      // What is open to everybody, and what people do to themselves.
      const isOwn = /^\/v1\/(me|sessions?)(\/|$)/.test(path);
      if (method === 'get' || isOwn || security?.length === 0) continue;
      const filled = path
        .replace('/apps/{id}/keys/{key}', '/apps/1/keys/1')
        .replace('{scope}', 'default')
        .replace('{action}', 'BookingCreate')
        .replace('/keys/{id}', `/keys/${'0'.repeat(12)}`)
        .replace('/inboxes/{id}', `/inboxes/${'0'.repeat(32)}`)
        .replace('{id}', '1');
      const answer = await server.api(method, filled, undefined, people.viewer);
      // A body that is not there is found before the role is looked at.
      expect([400, 403], `${method} ${path}: ${answer.text}`).toContain(answer.status);
      if (answer.status === 400) expect(answer.json.code).toBe('invalid_request');
      tried.push(`${method} ${path}`);
    }
  }
  expect(tried).toEqual(
    expect.arrayContaining(['delete /v1/webhooks/{id}', 'post /v1/people', 'delete /v1/keys/{id}']),
  );
});

describe('people', () => {
  const call = (method: string, path: string, body?: unknown) =>
    server.api(method, path, body, people.operator);
  const sofia = { name: 'Sofia', email: ' Sofia@Example.com', role: 'viewer', locations: [7] };

  it('are added by operators, choose a password by a link, once, and are removed', async () => {
    const made = await call('POST', '/v1/people', sofia);
    expect(made.status, made.text).toBe(201);
    expect(made.json).toMatchObject({ email: 'sofia@example.com', joined: false, locations: [7] });
    expect(made.headers.get('cache-control')).toBe('no-store');
    const { id } = made.json as { id: number };
    const again = await call('POST', '/v1/people', { ...sofia, email: 'SOFIA@example.com' });
    expect(again.json).toMatchObject({ status: 409, field: 'email' });
    // Nobody signs in without a password.
    expect((await signIn(server, 'sofia@example.com')).json.code).toBe('sign_in_refused');

    const tokenIn = (link: string) => new URL(link).searchParams.get('token');
    const joinBy = (token: string | null, password = PASSWORD) =>
      server.api('POST', '/v1/join', { token, password }, OWN_PAGE);
    const first = tokenIn(made.json.link as string);
    const { json: other } = await call('POST', `/v1/people/${id}/link`);
    expect((await joinBy(first)).status).toBe(403);
    expect((await joinBy(tokenIn(other.link as string), 'short')).status).toBe(400);
    const token = tokenIn(other.link as string);
    const both = await Promise.all([joinBy(token), joinBy(token)]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toStrictEqual([200, 403]);
    const browser = browserOf(both.find(({ status }) => status === 200)!);
    const seen = () => server.api('GET', '/v1/session', undefined, browser);
    expect((await seen()).json).toMatchObject({ name: 'Sofia', role: 'viewer', locations: [7] });

    await call('PATCH', `/v1/people/${id}`, { name: 'Sofía' });
    expect((await seen()).json).toMatchObject({ name: 'Sofía' });
    const grown = await call('PATCH', `/v1/people/${id}`, { role: 'manager', locations: [7, 9] });
    expect(grown.json).toMatchObject({ role: 'manager', locations: [7, 9] });
    // What they may do is another thing now: they sign in anew.
    expect((await seen()).status).toBe(401);
    const back = browserOf(await signIn(server, 'sofia@example.com'));
    expect((await call('DELETE', `/v1/people/${id}`)).status).toBe(204);
    expect((await server.api('GET', '/v1/session', undefined, back)).status).toBe(401);
    expect((await signIn(server, 'sofia@example.com')).status).toBe(401);
    expect((await call('GET', `/v1/people/${id}`)).status).toBe(404);

    const { json } = await call('GET', '/v1/audit?limit=500');
    const told = (json.items as { subject: string; what: string }[])
      .filter(({ subject }) => subject === `person:${id}`)
      .map(({ what }) => what)
      .toReversed();
    expect(told).toStrictEqual([
      'person.created',
      'person.linked',
      'person.linked',
      'person.joined',
      'person.signed-in',
      'person.changed',
      'person.changed',
      'person.signed-in',
      'person.removed',
    ]);
  });

  it('keep an operator, and give operators no limits', async () => {
    for (const [method, body] of [
      ['DELETE', undefined],
      ['PATCH', { role: 'viewer', locations: null }],
    ] as const) {
      const refused = await call(method, '/v1/people/1', body);
      expect(refused.json).toMatchObject({ status: 409, code: 'conflict' });
    }
    const bound = { ...sofia, role: 'operator' };
    expect((await call('POST', '/v1/people', bound)).json).toMatchObject({ field: 'locations' });
    const { locations: _, ...unsaid } = sofia;
    expect((await call('POST', '/v1/people', unsaid)).json).toMatchObject({ field: 'locations' });
    const lesser = await call('PATCH', '/v1/people/1', { role: 'viewer' });
    expect(lesser.json).toMatchObject({ status: 400, field: 'locations' });
  });

  it('are made no greater than the key that makes them', async () => {
    const scopes = ['settings:write', 'webhooks:read'];
    const { json } = await call('POST', '/v1/keys', { scopes });
    const headers = { authorization: `Bearer ${json.key}` };
    const input = { ...sofia, email: 'eve@example.com', locations: null };
    const made = await server.api('POST', '/v1/people', { ...input, role: 'operator' }, headers);
    expect(made.json).toMatchObject({ status: 403, field: 'scopes' });
    const link = await server.api('POST', '/v1/people/1/link', undefined, headers);
    expect(link.status).toBe(403);
  });
});

describe('a secret', () => {
  const reveal = (browser: Browser, password = PASSWORD, scope = 'location:7') =>
    server.api('POST', `/v1/secrets/${scope}/reveal`, { password }, browser);

  it('is shown to a person who gives their password again, and the audit tells of it', async () => {
    const secret = 'shown-once-and-again';
    await server.api('PUT', '/v1/secrets/location:7', { secret }, people.manager);
    expect((await reveal(people.manager, 'x')).json).toMatchObject({ code: 'wrong_password' });
    const shown = await reveal(people.manager);
    expect(shown.json).toMatchObject({ scope: 'location:7', secret, previous: null });
    expect(shown.headers.get('cache-control')).toBe('no-store');
    expect((await reveal(people.manager, PASSWORD, 'location:9')).status).toBe(404);
    expect((await reveal(people.operator, PASSWORD, 'location:99')).status).toBe(404);
    const key = { authorization: `Bearer ${API_KEY}` };
    expect((await reveal(key)).json.detail).toContain('Only a person');
    const { json } = await server.api('GET', '/v1/audit?what=secret.revealed');
    expect(json.items).toMatchObject([
      { who: { kind: 'person', name: 'New name' }, subject: 'secret:location:7', details: {} },
    ]);
    expect(server.output()).not.toContain(secret);
  });
});
