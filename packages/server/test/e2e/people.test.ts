import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newDataDir, removeDataDir, runToEnd, type Started, startServer } from '../start.ts';
import { OWN_PAGE, PASSWORD, browserOf, setUp, setupToken, signIn } from '../people.ts';

const FIRST = { name: 'Ada', email: 'Ada@Example.com ', password: PASSWORD };

describe('the first person', () => {
  let server: Started;
  beforeAll(async () => void (server = await startServer()));
  afterAll(() => server.stop());

  it('is made by one of many who use the printed link at once; then it is gone for ever', async () => {
    expect((await server.api('GET', '/v1/sign-in', undefined, OWN_PAGE)).json).toStrictEqual({
      setup: true,
      password: true,
      oidc: null,
      catalogue: false,
    });
    const wrong = { ...FIRST, token: 'x'.repeat(43) };
    expect((await server.api('POST', '/v1/setup', wrong, OWN_PAGE)).status).toBe(403);
    const token = setupToken(server);
    const tries = Array.from({ length: 8 }, (_, i) =>
      server.api('POST', '/v1/setup', { ...FIRST, email: `ada${i}@example.com`, token }, OWN_PAGE),
    );
    const answers = await Promise.all(tries);
    const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toStrictEqual([201, ...Array.from({ length: 7 }, () => 404)]);
    const made = answers.find(({ status }) => status === 201)!;
    expect(made.json).toMatchObject({ kind: 'person', id: 1, role: 'operator', locations: null });
    const again = await server.api('POST', '/v1/setup', { ...FIRST, token }, OWN_PAGE);
    expect(again.status).toBe(404);
    const after = await server.api('GET', '/v1/sign-in', undefined, OWN_PAGE);
    expect(after.json).toMatchObject({ setup: false });
    const browser = browserOf(made);
    const seen = await server.api('GET', '/v1/session', undefined, browser);
    expect(seen.json).toMatchObject({ kind: 'person', name: 'Ada', scopes: ['*'], totp: false });
    expect((await server.api('GET', '/v1/keys', undefined, browser)).status).toBe(200);
    const { json: people } = await server.api('GET', '/v1/people', undefined, browser);
    expect(people).toMatchObject({ items: [{ id: 1, lastSignIn: expect.any(String) }] });
  });
});

describe('a session', () => {
  let server: Started;
  beforeAll(async () => {
    server = await startServer();
    await setUp(server);
  });
  afterAll(() => server.stop());

  it('is a cookie that no script and no other site can use', async () => {
    const answer = await signIn(server, ' ADA@example.com');
    expect(answer.status, answer.text).toBe(200);
    expect(answer.headers.get('set-cookie')).toMatch(
      /^posthorn=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('gets another token at every sign-in, and the one before is over', async () => {
    const before = browserOf(await signIn(server, 'ada@example.com'));
    const body = { email: 'ada@example.com', password: PASSWORD };
    const answer = await server.api('POST', '/v1/session', body, before);
    const after = browserOf(answer);
    expect(after.cookie).not.toBe(before.cookie);
    expect((await server.api('GET', '/v1/session', undefined, before)).status).toBe(401);
    expect((await server.api('GET', '/v1/session', undefined, after)).status).toBe(200);
    // One that a stranger chose is never taken up.
    const planted = { ...OWN_PAGE, cookie: `posthorn=${'x'.repeat(43)}` };
    const fixed = browserOf(await server.api('POST', '/v1/session', body, planted));
    expect(fixed.cookie).not.toBe(planted.cookie);
    expect((await server.api('GET', '/v1/session', undefined, planted)).status).toBe(401);
  });

  it('ends with signing out, here or everywhere', async () => {
    const [one, two, three] = [
      browserOf(await signIn(server, 'ada@example.com')),
      browserOf(await signIn(server, 'ada@example.com')),
      browserOf(await signIn(server, 'ada@example.com')),
    ];
    const out = await server.api('DELETE', '/v1/session', undefined, one);
    expect(out.status).toBe(204);
    expect(out.headers.get('set-cookie')).toMatch(/^posthorn=; Max-Age=0; Path=\//);
    const statusOf = async (browser: typeof one) =>
      (await server.api('GET', '/v1/session', undefined, browser)).status;
    expect(await statusOf(one)).toBe(401);
    expect(await statusOf(two)).toBe(200);
    expect((await server.api('DELETE', '/v1/sessions', undefined, two)).status).toBe(204);
    expect([await statusOf(two), await statusOf(three)]).toStrictEqual([401, 401]);
  });
});

describe('posthorn-server user add', () => {
  const dataDir = newDataDir();
  afterAll(() => removeDataDir(dataDir));
  const add = (password: string, ...flags: string[]) =>
    runToEnd({ dataDir, command: ['user', 'add'], flags, input: `${password}\n` });
  const ADA = ['--email', 'Ada@example.com', '--name', 'Ada'];

  it('makes the first person, with the password of the first line', async () => {
    expect(await add('short', ...ADA)).toMatchObject({ code: 2 });
    const wrong = await add(PASSWORD, '--email', 'ada', '--role', 'king', '--locations', 'x');
    expect(wrong.code).toBe(2);
    for (const flag of ['--email', '--name', '--role', '--locations'])
      expect(wrong.output).toMatch(new RegExp(`^  ${flag} `, 'm'));
    const made = await add(PASSWORD, ...ADA);
    expect(made).toMatchObject({
      code: 0,
      output: 'Ada may sign in as ada@example.com, operator.\n',
    });
    const again = await add(PASSWORD, ...ADA);
    expect(again).toMatchObject({ code: 2 });
    const server = await startServer({ dataDir });
    expect(server.output()).not.toContain('/setup?token=');
    expect((await signIn(server, 'ada@example.com')).json).toMatchObject({ role: 'operator' });
    const token = 'x'.repeat(43);
    const late = await server.api('POST', '/v1/setup', { ...FIRST, token }, OWN_PAGE);
    expect(late.status).toBe(404);
    await server.stop();
  });
});
