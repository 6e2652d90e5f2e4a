import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWebhook } from '../../asking.ts';
import { browserOf, type Browser, OWN_PAGE, PASSWORD, setUp, signIn } from '../../people.ts';
import { API_KEY, type ApiAnswer, type Started, startServer } from '../../start.ts';

/** Tokens, Basic authentication and roles, as clients of the Nexudus REST API use them. */

const WEBHOOKS = '/api/sys/webhooks';
const EMAIL = 'ada@example.com';

let server: Started;
let ada: Browser;
beforeAll(async () => {
  server = await startServer();
  ada = await setUp(server);
});
afterAll(() => server.stop());

const token = (form: Record<string, string> | string, headers: object = {}) =>
  server.api('POST', '/api/token', new URLSearchParams(form).toString(), {
    authorization: '',
    'content-type': 'application/x-www-form-urlencoded',
    ...headers,
  });

const byPassword = (more: Record<string, string> = {}, headers?: object) =>
  token({ grant_type: 'password', username: EMAIL, password: PASSWORD, ...more }, headers);

/** The two tokens of an answer. */
async function pair(asked: Promise<ApiAnswer>): Promise<{ access: string; refresh: string }> {
  const { json, text } = await asked;
  if (json?.access_token === undefined) throw new Error(text);
  return { access: json.access_token as string, refresh: json.refresh_token as string };
}

const bearer = (text: string) => ({ authorization: `Bearer ${text}` });
const basic = (name: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
});
const list = (headers: Record<string, string>) => server.api('GET', WEBHOOKS, undefined, headers);

function expectRefused(answer: ApiAnswer, error: string): void {
  expect(answer.status, answer.text).toBe(400);
  expect(answer.json).toMatchObject({ error });
}

function expectUnauthorized(answer: ApiAnswer): void {
  expect(answer.status, answer.text).toBe(401);
  expect(answer.json).toStrictEqual({ Message: expect.any(String) });
  expect(answer.headers.get('www-authenticate')).toMatch(/Basic.*Bearer/);
}

describe('a token', () => {
  it('is given for email and password, and opens the API and nothing else', async () => {
    const answer = await byPassword();
    expect(answer.status, answer.text).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(Object.entries(answer.json as object)).toStrictEqual([
      ['access_token', expect.stringMatching(/^[\w.-]{108}$/)],
      ['token_type', 'bearer'],
      ['expires_in', 604_799],
      ['refresh_token', expect.stringMatching(/^[\w-]{43}$/)],
    ]);
    const { access, refresh } = await pair(Promise.resolve(answer));
    expect((await list(bearer(access))).status).toBe(200);
    expectUnauthorized(await list(bearer(refresh)));
    expect((await server.api('GET', '/v1/webhooks', undefined, bearer(access))).status).toBe(401);
    const cookie = { ...OWN_PAGE, cookie: `posthorn=${access}` };
    expect((await server.api('GET', '/v1/session', undefined, cookie)).status).toBe(401);
    expectUnauthorized(await list(ada));
  });

  it('is refreshed once, by the same client, and the one before goes on', async () => {
    const client = { client_id: 'door-system' };
    const first = await pair(byPassword(client));
    const refresh = (text: string, more: object = client) =>
      token({ grant_type: 'refresh_token', refresh_token: text, ...more });
    expectRefused(await refresh(first.refresh, { client_id: 'another' }), 'invalid_grant');
    const second = await pair(refresh(first.refresh));
    expectRefused(await refresh(first.refresh), 'invalid_grant');
    expect((await list(bearer(first.access))).status).toBe(200);
    expect((await list(bearer(second.access))).status).toBe(200);
    expectRefused(await refresh(second.access), 'invalid_grant');
    // Signing in again ends the token to refresh of this client only.
    const other = await pair(byPassword({ client_id: 'other' }));
    await byPassword({}, client);
    expectRefused(await refresh(second.refresh), 'invalid_grant');
    expect((await refresh(other.refresh, { client_id: 'OTHER' })).status).toBe(200);
  });

  it('without a client’s name is that of the email', async () => {
    const { refresh } = await pair(byPassword());
    const form = { grant_type: 'refresh_token', refresh_token: refresh };
    expectRefused(await token(form), 'invalid_request');
    expect((await token(form, { client_id: 'Ada@example.com' })).status).toBe(200);
  });

  it.each<[string, Record<string, string> | string, string]>([
    ['no grant', { username: EMAIL, password: PASSWORD }, 'unsupported_grant_type'],
    ['another grant', { grant_type: 'client_credentials' }, 'unsupported_grant_type'],
    ['no password', { grant_type: 'password', username: EMAIL }, 'invalid_request'],
    ['no email', { grant_type: 'password', password: PASSWORD }, 'invalid_request'],
    ['no token', { grant_type: 'refresh_token', client_id: 'c' }, 'invalid_request'],
    ['nothing', '', 'unsupported_grant_type'],
    [
      'NUL in a name',
      { grant_type: 'password', username: 'a\0', password: 'p', client_id: 'c\0' },
      'invalid_request',
    ],
    [
      'a code that is none',
      {
        grant_type: 'password',
        username: 'nobody@example.com',
        password: 'p',
        totp: 'x'.repeat(99),
      },
      'invalid_grant',
    ],
  ])('with %s is refused', async (_title, form, error) => {
    expectRefused(await token(form), error);
  });

  it('asked for in JSON is refused', async () => {
    const body = { grant_type: 'password', username: EMAIL, password: PASSWORD };
    const answer = await server.api('POST', '/api/token', body, { authorization: '' });
    expectRefused(answer, 'unsupported_grant_type');
  });

  it('says the same of a wrong password and an unknown person', async () => {
    const wrong = await byPassword({ password: 'wrong' });
    const unknown = await byPassword({ username: 'nobody@example.com' });
    expectRefused(wrong, 'invalid_grant');
    expect(wrong.json.error_description).toBeTypeOf('string');
    expect(unknown.text).toBe(wrong.text);
  });

  it('ends with the sessions of its person', async () => {
    const { access, refresh } = await pair(byPassword());
    const browser = browserOf(await signIn(server, EMAIL));
    expect((await server.api('DELETE', '/v1/sessions', undefined, browser)).status).toBe(204);
    expectUnauthorized(await list(bearer(access)));
    const form = { grant_type: 'refresh_token', refresh_token: refresh, client_id: EMAIL };
    expectRefused(await token(form), 'invalid_grant');
    ada = browserOf(await signIn(server, EMAIL));
  });
});

describe('Basic authentication', () => {
  it('takes the email and password of a person, again and again, without a hash each time', async () => {
    expect((await list(basic(EMAIL, PASSWORD))).status).toBe(200);
    const began = performance.now();
    for (let i = 0; i < 40; i++) {
      expect((await list(basic('ADA@example.com', PASSWORD))).status).toBe(200);
    }
    // One hash alone takes a third of a second.
    expect(performance.now() - began).toBeLessThan(6_000);
  });

  it('takes an API key as the password', async () => {
    expect((await list(basic('anything', API_KEY))).status).toBe(200);
    expect((await list(basic('', API_KEY))).status).toBe(200);
  });

  it.each<[string, Record<string, string>]>([
    ['nothing', { authorization: '' }],
    ['a wrong password', basic(EMAIL, 'wrong')],
    ['an unknown person', basic('nobody@example.com', PASSWORD)],
    ['no colon', { authorization: 'Basic YWRh' }],
    ['no password', basic(EMAIL, '')],
    ['NUL in the email', basic('a\0', PASSWORD)],
    ['what is no base64', { authorization: 'Basic {}' }],
    ['another scheme', { authorization: 'Digest username="ada"' }],
    ['an unknown token', bearer('x'.repeat(43))],
    ['an unknown key', bearer(`ph_${'0'.repeat(12)}_${'0'.repeat(64)}`)],
  ])('is refused with %s', async (_title, headers) => {
    expectUnauthorized(await list(headers));
  });
});

describe('Basic authentication of an app', () => {
  const SECRET = 'the secret of the doors';
  const shown = (key: string, secret = SECRET) =>
    createHash('md5')
      .update(key + secret)
      .digest('hex');
  let id: number;
  beforeAll(async () => {
    ({ id } = (await server.api('POST', '/v1/apps', { name: 'Doors' })).json as { id: number });
    await server.api('PUT', `/v1/secrets/app:${id}`, { secret: SECRET });
  });
  const makeKey = async (more: object = {}) =>
    (await server.api('POST', `/v1/apps/${id}/keys`, more)).json as { id: string };

  it('is that of the key whose id is the token, with its roles and its place', async () => {
    const key = await makeKey({ scopes: ['webhooks:read'], location: 73 });
    for (const password of [shown(key.id), shown(key.id).toUpperCase()]) {
      const me = await server.api('GET', '/api/auth/me', undefined, basic(String(id), password));
      expect(me.json).toMatchObject({
        Email: null,
        Businesses: [73],
        Roles: ['WebHook-List', 'WebHook-Read'],
      });
    }
    const by = basic(String(id), shown(key.id));
    expect((await list(by)).status).toBe(200);
    const made = { Name: 'n', Action: 6, BusinessId: 73, URL: 'https://hooks.example.com/in' };
    expectUnauthorized(await server.api('POST', WEBHOOKS, made, by));
  });

  it('makes webhooks of the app, and sees no others', async () => {
    const key = await makeKey();
    const by = basic(String(id), shown(key.id));
    const made = { Name: 'n', Action: 6, BusinessId: 73, URL: 'https://hooks.example.com/in' };
    const { json } = await server.api('POST', WEBHOOKS, made, by);
    const { Id } = json.Value as { Id: number };
    const stored = await server.api('GET', `/v1/webhooks/${Id}`);
    expect(stored.json).toMatchObject({ app: id });
    expect((await list(by)).json.Records).toMatchObject([{ Id }]);
    expect((await server.api('DELETE', `${WEBHOOKS}/${Id}`, undefined, by)).status).toBe(200);
  });

  it('ends with its key, and with the secret that was replaced when that ends', async () => {
    const key = await makeKey();
    const by = basic(String(id), shown(key.id));
    expect((await list(by)).status).toBe(200);
    const replace = (overlap: string) =>
      server.api('PUT', `/v1/secrets/app:${id}`, { secret: 'another of the doors', overlap });
    await replace('1h');
    expect((await list(by)).status).toBe(200);
    await replace('0');
    expectUnauthorized(await list(by));
    const next = basic(String(id), shown(key.id, 'another of the doors'));
    expect((await list(next)).status).toBe(200);
    await server.api('DELETE', `/v1/apps/${id}/keys/${key.id}`);
    expectUnauthorized(await list(next));
    await server.api('PUT', `/v1/secrets/app:${id}`, { secret: SECRET, overlap: '0' });
  });

  it('is refused without a secret, to another app, and to whoever has half of it', async () => {
    const key = await makeKey();
    const other = (await server.api('POST', '/v1/apps', { name: 'Other' })).json as { id: number };
    const bare = (await server.api('POST', `/v1/apps/${other.id}/keys`)).json as { id: string };
    const operators = (await server.api('POST', '/v1/keys', { scopes: ['*'] })).json as {
      id: string;
    };
    for (const [name, password] of [
      [String(id), shown(key.id, 'not the secret of it')],
      [String(id), shown('0'.repeat(12))],
      [String(id), shown(operators.id)],
      [String(other.id), shown(key.id)],
      [String(other.id), shown(bare.id, '')],
      [String(other.id), shown(bare.id)],
      ['Doors', shown(key.id)],
    ] as const)
      expectUnauthorized(await list(basic(name, password)));
  });
});

it('who asks is told by /api/auth/me', async () => {
  await server.api('PUT', '/v1/locations/71', { name: 'Old Mill' });
  const { access } = await pair(byPassword());
  const me = await server.api('GET', '/api/auth/me', undefined, bearer(access));
  expect(me.json).toMatchObject({
    DefaultBusinessId: 71,
    DefaultBusinessName: 'Old Mill',
    FullName: 'Ada',
    Email: EMAIL,
    Active: true,
    IsAdmin: true,
    APIAccess: true,
    Businesses: [71],
    Roles: ['WebHook-List', 'WebHook-Read', 'WebHook-Create', 'WebHook-Edit', 'WebHook-Delete'],
    Id: 1,
    ToStringText: `Ada - ${EMAIL}`,
  });
  const { json } = await server.api('POST', '/v1/keys', { scopes: ['webhooks:read'], location: 9 });
  const key = await server.api('GET', '/api/auth/me', undefined, bearer(json.key as string));
  expect(key.json).toMatchObject({
    DefaultBusinessId: 9,
    Email: null,
    Businesses: [9],
    Roles: ['WebHook-List', 'WebHook-Read'],
  });
  expectUnauthorized(await server.api('GET', '/api/auth/me', undefined, { authorization: '' }));
});

it('what a person changes says so by their email', async () => {
  const { id } = await createWebhook(server, { url: 'https://hooks.example.com/in' });
  const headers = basic(EMAIL, PASSWORD);
  const answer = await server.api('PUT', `${WEBHOOKS}/${id}`, { Name: 'n' }, headers);
  expect(answer.json).toMatchObject({ UpdatedBy: EMAIL });
});

describe('calls beyond the limit are an empty 409 that says when to come again', () => {
  let limited: Started;
  beforeAll(async () => {
    limited = await startServer({ env: { POSTHORN_KEY_REQUESTS: '3' } });
    await setUp(limited);
  });
  afterAll(() => limited.stop());

  it.each([
    ['a key', bearer(API_KEY)],
    ['a key as a password', basic('anything', API_KEY)],
    ['a person', basic(EMAIL, PASSWORD)],
  ])('for %s', async (_, headers) => {
    // The first call of a person takes as long as the password does.
    await limited.api('GET', WEBHOOKS, undefined, headers);
    const calls = Array.from({ length: 12 }, () =>
      limited.api('GET', WEBHOOKS, undefined, headers),
    );
    const answers = await Promise.all(calls);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThan(0);
    for (const { status, text, headers: told } of refused) {
      expect([status, text, told.get('retry-after')]).toStrictEqual([409, '', '1']);
    }
  });
});

it('an access token opens the API also where wrong ones come from in masses', async () => {
  const flooded = await startServer({ env: { POSTHORN_WRONG_KEYS: '2' } });
  await setUp(flooded);
  const form = { grant_type: 'password', username: EMAIL, password: PASSWORD };
  const asked = flooded.api('POST', '/api/token', new URLSearchParams(form).toString(), {
    authorization: '',
    'content-type': 'application/x-www-form-urlencoded',
  });
  const { access, refresh } = await pair(asked);
  const ask = async (text: string) =>
    (await flooded.api('GET', WEBHOOKS, undefined, bearer(text))).status;
  expect([await ask('wrong'), await ask('wrong')]).toStrictEqual([401, 401]);
  for (const wrong of ['wrong', refresh, access.slice(0, -3)]) expect(await ask(wrong)).toBe(429);
  expect(await ask(access)).toBe(200);
  await flooded.stop();
});

it('an enum comes with whatever a client authenticates with', async () => {
  for (const headers of [basic(EMAIL, PASSWORD), bearer(API_KEY), { authorization: '' }]) {
    const answer = await server.api('GET', '/api/utils/enums?name=eGender', undefined, headers);
    expect(answer.status).toBe(200);
    expect(answer.json[1]).toStrictEqual({ Id: 1, Name: 'NotSet', Label: 'Not Set' });
  }
});

it('switched off, it is not there', async () => {
  const without = await startServer({ env: { POSTHORN_NEXUDUS_API: 'off' } });
  for (const path of [WEBHOOKS, '/api/auth/me']) {
    expect((await without.api('GET', path)).json).toMatchObject({ code: 'not_found' });
  }
  const enums = await without.api('GET', '/api/utils/enums?name=eWebhookAction');
  expect(enums.status).toBe(200);
  await without.stop();
});
