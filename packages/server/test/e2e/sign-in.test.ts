import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { changeRows, readRows } from '../rows.ts';
import { type Browser, OWN_PAGE, PASSWORD, browserOf, join, setUp, signIn } from '../people.ts';
import { rawRequest } from '../raw-request.ts';
import { type ApiAnswer, newDataDir, removeDataDir, type Started, startServer } from '../start.ts';

const EMAIL = 'ada@example.com';

/** One try from an address of its own, unless told otherwise. */
let addresses = 0;
const from = (address = `198.51.100.${++addresses}`): Browser => ({
  ...OWN_PAGE,
  'x-forwarded-for': address,
});

describe('signing in', () => {
  const dataDir = newDataDir();
  const start = () => startServer({ dataDir, env: { POSTHORN_TRUST_PROXY: '127.0.0.0/8' } });
  let server: Started;
  beforeAll(async () => {
    server = await start();
    await setUp(server);
  });
  afterAll(async () => {
    await server.stop();
    removeDataDir(dataDir);
  });

  /** As if all that was tried had been tried so often. */
  const pretendTries = (tried: number) => changeRows(server, `update guesses set tried = ${tried}`);
  const tryOnce = (email: string, password: string, headers = from()): Promise<ApiAnswer> =>
    server.api('POST', '/v1/session', { email, password }, headers);

  it('is refused with the same words whether there is such a person or not', async () => {
    const [wrong, unknown] = [await tryOnce(EMAIL, 'x'), await tryOnce('eve@example.com', 'x')];
    expect(wrong.status).toBe(401);
    expect(wrong.json.code).toBe('sign_in_refused');
    expect(unknown.text).toBe(wrong.text);
    expect(wrong.headers.has('set-cookie')).toBe(false);
    expect((await tryOnce(EMAIL, PASSWORD)).status).toBe(200);
  });

  it('after ten wrong passwords for an email is refused with the right one, also after a restart', async () => {
    await join(server, { email: 'grace@example.com', role: 'viewer', locations: null });
    // The tenth was right: it clears the count.
    await tryOnce('grace@example.com', 'x');
    await pretendTries(9);
    expect((await tryOnce('grace@example.com', PASSWORD)).status).toBe(200);
    await tryOnce('grace@example.com', 'x');
    await tryOnce('nobody@example.com', 'x');
    await pretendTries(10);
    await server.stop();
    server = await start();
    const locked = await tryOnce('grace@example.com', PASSWORD);
    const nobody = await tryOnce('nobody@example.com', PASSWORD);
    expect([locked.status, locked.text]).toStrictEqual([401, nobody.text]);
    expect((await tryOnce(EMAIL, PASSWORD)).status).toBe(200);
    await changeRows(server, `update guesses set since = since - ${15 * 60_000}`);
    expect((await tryOnce('grace@example.com', PASSWORD)).status).toBe(200);
  });

  it('of many tries at once looks at no more than may be wrong', async () => {
    const email = 'many@example.com';
    const tries = await Promise.all(Array.from({ length: 14 }, () => tryOnce(email, 'x')));
    expect(tries.map(({ status }) => status)).toStrictEqual(Array.from({ length: 14 }, () => 401));
    const { json } = await server.api('GET', '/v1/audit?what=sign-in.refused&limit=11');
    expect(json.items).toHaveLength(11);
    expect(json.items[0]).toMatchObject({ who: { kind: 'unknown' }, subject: null, details: {} });
    expect(JSON.stringify(json)).not.toContain('many@');
  });

  it('is refused to an address that tried thirty times, by 429 and whoever it is', async () => {
    const one = from('203.0.113.9');
    await tryOnce('p1@example.com', 'x', one);
    await pretendTries(29);
    expect((await tryOnce('p2@example.com', 'x', one)).status).toBe(401);
    const answer = await tryOnce(EMAIL, PASSWORD, one);
    expect(answer.json).toMatchObject({ status: 429, code: 'too_many_requests' });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(600);
    expect((await tryOnce(EMAIL, PASSWORD)).status).toBe(200);
  });

  it('with a second factor wants a code, each of them once', async () => {
    const me = await join(server, { email: 'totp@example.com', role: 'viewer', locations: null });
    const proposed = await server.api('POST', '/v1/me/totp', undefined, me);
    expect(proposed.json.url).toMatch(/^otpauth:\/\/totp\/Posthorn:totp%40example\.com\?/);
    const totp = new TOTP({ secret: proposed.json.secret as string });
    // Nothing is on before a code was made with it.
    expect((await tryOnce('totp@example.com', PASSWORD)).status).toBe(200);
    const now = Date.now();
    const [first, second] = [now, now + 30_000].map((at) => totp.generate({ timestamp: at }));
    const wrong = first === '000000' ? '000001' : '000000';
    const put = (code: string, password = PASSWORD) =>
      server.api('PUT', '/v1/me/totp', { code, password }, me);
    expect((await put(wrong)).json).toMatchObject({ status: 400, field: 'code' });
    expect((await put(first!, 'x')).json).toMatchObject({ code: 'wrong_password' });
    const on = await put(first!);
    expect(on.json).toMatchObject({ totp: true });
    const browser = browserOf(on);
    expect(browser.cookie).not.toBe(me.cookie);
    expect((await server.api('GET', '/v1/session', undefined, me)).status).toBe(401);

    const enter = (code?: string, password = PASSWORD) =>
      server.api('POST', '/v1/session', { email: 'totp@example.com', password, code }, from());
    expect((await enter()).json).toMatchObject({ status: 401, code: 'code_needed' });
    expect((await enter(undefined, 'x')).json.code).toBe('sign_in_refused');
    expect((await enter(wrong)).json.code).toBe('sign_in_refused');
    expect((await enter(first)).json.code).toBe('sign_in_refused');
    const both = await Promise.all([enter(second), enter(second)]);
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toStrictEqual([200, 401]);

    const signedIn = browserOf(both.find(({ status }) => status === 200)!);
    const off = (password: string) => server.api('DELETE', '/v1/me/totp', { password }, signedIn);
    expect((await off('x')).json.code).toBe('wrong_password');
    expect((await off(PASSWORD)).json).toMatchObject({ totp: false });
    expect((await enter()).status).toBe(200);
  });

  it('keeps neither tokens, passwords nor the secret of codes in its log', async () => {
    const me = browserOf(await signIn(server, EMAIL));
    const { json } = await server.api('POST', '/v1/me/totp', undefined, me);
    const body = { current: PASSWORD, new: 'another tern flies far' };
    const changed = await server.api('PATCH', '/v1/me', { password: body }, me);
    expect(changed.status).toBe(200);
    const said = server.output();
    const told = [json.secret as string, PASSWORD, body.new, me.cookie.split('=')[1]!];
    for (const secret of told) expect(said).not.toContain(secret);
    const { text } = await server.api('GET', '/v1/audit?limit=500');
    for (const secret of told) expect(text).not.toContain(secret);
    const back = { current: body.new, new: PASSWORD };
    await server.api('PATCH', '/v1/me', { password: back }, browserOf(changed));
  });
});

describe('a session', () => {
  let server: Started;
  beforeAll(async () => {
    server = await startServer();
    await setUp(server);
  });
  afterAll(() => server.stop());

  let signedIn: Promise<Browser> | undefined;
  /** For what leaves the session as it is. */
  const signedInOnce = () => (signedIn ??= signIn(server, EMAIL).then(browserOf));

  const statusOf = async (browser: Browser) =>
    (await server.api('GET', '/v1/session', undefined, browser)).status;

  it('that nobody used for twelve hours is over, and one that lasted for seven days', async () => {
    const me = browserOf(await signIn(server, EMAIL));
    const hours = (n: number) => n * 3_600_000;
    await changeRows(server, `update person_sessions set used_at = used_at - ${hours(11)}`);
    expect(await statusOf(me)).toBe(200);
    // It was used just now.
    await changeRows(server, `update person_sessions set used_at = used_at - ${hours(11)}`);
    expect(await statusOf(me)).toBe(200);
    await changeRows(server, `update person_sessions set used_at = used_at - ${hours(12)}`);
    expect(await statusOf(me)).toBe(401);
    const other = browserOf(await signIn(server, EMAIL));
    await changeRows(server, `update person_sessions set began_at = began_at - ${hours(168)}`);
    expect(await statusOf(other)).toBe(401);
  });

  it('ends when the password is changed elsewhere', async () => {
    const [one, two] = [
      browserOf(await signIn(server, EMAIL)),
      browserOf(await signIn(server, EMAIL)),
    ];
    const change = (current: string) =>
      server.api('PATCH', '/v1/me', { password: { current, new: 'a tern flies home' } }, one);
    const wrong = await change('x');
    expect(wrong.json).toMatchObject({ status: 403, code: 'wrong_password' });
    const changed = await change(PASSWORD);
    expect(changed.status, changed.text).toBe(200);
    expect(browserOf(changed).cookie).not.toBe(one.cookie);
    expect([await statusOf(one), await statusOf(two)]).toStrictEqual([401, 401]);
    expect(await statusOf(browserOf(changed))).toBe(200);
    expect((await signIn(server, EMAIL)).status).toBe(401);
    const back = { current: 'a tern flies home', new: PASSWORD };
    await server.api('PATCH', '/v1/me', { password: back }, browserOf(changed));
  });

  it.each<[string, Browser, number]>([
    ['a page of ours', { 'sec-fetch-site': 'same-origin' }, 200],
    ['the address bar', { 'sec-fetch-site': 'none' }, 200],
    ['another name of this site', { 'sec-fetch-site': 'same-site' }, 403],
    ['another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['another site that claims to be ours', { 'sec-fetch-site': 'cross-site', origin: 'US' }, 403],
    ['an old browser on a page of ours', { origin: 'US' }, 200],
    ['an old browser elsewhere', { origin: 'https://evil.example' }, 403],
    ['an old browser on another port', { origin: 'http://127.0.0.1:1' }, 403],
    ['a page without an origin', { origin: 'null' }, 403],
    ['whoever does not say', {}, 403],
  ])('lets %s change something, or not', async (_who, said, status) => {
    const { cookie } = await signedInOnce();
    const origin = said['origin'] === 'US' ? { origin: server.url } : {};
    const headers = { authorization: '', cookie: cookie!, ...said, ...origin };
    const answer = await server.api('PATCH', '/v1/me', { name: 'Ada' }, headers);
    expect(answer.status, answer.text).toBe(status);
    if (status === 403) expect(answer.json.code).toBe('cross_site');
    expect((await server.api('GET', '/v1/session', undefined, headers)).status).toBe(200);
  });

  it('takes JSON and nothing else', async () => {
    const headers = { ...(await signedInOnce()), 'content-type': 'text/plain' };
    expect((await server.api('PATCH', '/v1/me', '{"name":"Eve"}', headers)).status).toBe(415);
  });

  it('is begun by no other site', async () => {
    const body = { email: EMAIL, password: PASSWORD };
    const headers = { authorization: '', 'sec-fetch-site': 'cross-site' };
    const answer = await server.api('POST', '/v1/session', body, headers);
    expect(answer.json).toMatchObject({ status: 403, code: 'cross_site' });
  });

  it('gives way to an API key that comes with the same request', async () => {
    const cookie = (await signedInOnce())['cookie']!;
    const seen = await server.api('GET', '/v1/session', undefined, { cookie });
    expect(seen.json).toMatchObject({ kind: 'key', id: 'configured', scopes: ['*'] });
    const wrong = { cookie, authorization: 'Bearer wrong' };
    expect((await server.api('GET', '/v1/session', undefined, wrong)).status).toBe(401);
  });

  it('does not begin unencrypted over a network', async () => {
    const body = JSON.stringify({ email: EMAIL, password: PASSWORD });
    const answer = await rawRequest(
      server.url,
      `POST /v1/session HTTP/1.1\r\nhost: hooks.corp\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    );
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('https_needed');
    expect(answer.text).not.toContain('set-cookie');
  });
});

it('more people at once than can be served are answered 503 in part, which counts for none', async () => {
  const server = await startServer({
    env: { POSTHORN_PASSWORD_COST: '15', POSTHORN_TRUST_PROXY: '127.0.0.0/8' },
  });
  await setUp(server);
  const tryAs = (email: string) =>
    server.api('POST', '/v1/session', { email, password: 'x' }, from());
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, i) => tryAs(`q${i}@example.com`)),
  );
  const refused = answers.filter(({ status }) => status === 503);
  expect(refused.length).toBeGreaterThan(0);
  for (const { headers, json } of refused) {
    expect(json.code).toBe('overloaded');
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  }
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(40 - refused.length);
  expect((await signIn(server, EMAIL)).status).toBe(200);
  await server.stop();
});

it('a password is hashed anew at the sign-in after its cost was changed', async () => {
  const dataDir = newDataDir();
  const first = await startServer({ dataDir });
  await setUp(first);
  await first.stop();
  const second = await startServer({ dataDir, env: { POSTHORN_PASSWORD_COST: '15' } });
  expect(await readRows(second, 'select password from people')).toMatchObject([
    { password: expect.stringContaining('$ln=14,') as string },
  ]);
  expect((await signIn(second, EMAIL)).status).toBe(200);
  expect(await readRows(second, 'select password from people')).toMatchObject([
    { password: expect.stringContaining('$ln=15,') as string },
  ]);
  expect((await signIn(second, EMAIL)).status).toBe(200);
  await second.stop();
  removeDataDir(dataDir);
});

it('behind https the cookie is bound to this very host', async () => {
  const server = await startServer({ env: { POSTHORN_PUBLIC_URL: 'https://hooks.example.com' } });
  expect(server.output()).toContain('https://hooks.example.com/setup?token=');
  await setUp(server);
  const answer = await server.api(
    'POST',
    '/v1/session',
    { email: EMAIL, password: PASSWORD },
    { authorization: '', origin: 'https://hooks.example.com' },
  );
  expect(answer.headers.get('set-cookie')).toMatch(
    /^__Host-posthorn=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
  );
  const me = browserOf(answer);
  expect((await server.api('GET', '/v1/session', undefined, me)).status).toBe(200);
  const plain = { ...me, cookie: me.cookie.replace('__Host-', '') };
  expect((await server.api('GET', '/v1/session', undefined, plain)).status).toBe(401);
  await server.stop();
});
