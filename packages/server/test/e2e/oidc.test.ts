import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../eventually.ts';
import { OWN_PAGE, setUp, signIn } from '../people.ts';
import { type Account, openProvider, type OidcProvider } from '../provider.ts';
import { newDataDir, removeDataDir, type Started, startServer } from '../start.ts';

const ADA: Account = { sub: 'ada', name: 'A', email: 'Ada@example.com', email_verified: true };
const GRACE: Account = {
  sub: 'grace',
  name: 'Grace',
  email: 'grace@example.com',
  email_verified: true,
};

let provider: OidcProvider;
beforeAll(async () => void (provider = await openProvider()));
afterAll(() => provider.close());

let server: Started;
const start = async (env: Readonly<Record<string, string | undefined>> = {}) => {
  server = await startServer({ env: { ...provider.env, ...env } });
  await setUp(server);
};

/** A sign-in that was begun: where the provider is, and what the browser keeps. */
interface Begun {
  readonly url: string;
  readonly cookie: string;
}

async function begin(at: Started = server): Promise<Begun> {
  const answer = await go('/v1/oidc/start', '', at);
  const [cookie = ''] = answer.headers.getSetCookie();
  return { url: answer.headers.get('location') ?? '', cookie: cookie.split(';')[0] ?? '' };
}

/** The server's answer to a browser that comes back with this address. */
async function end(callback: string, cookie: string, at: Started = server): Promise<Response> {
  const { pathname, search } = new URL(callback);
  return go(pathname + search, cookie, at);
}

function go(path: string, cookie: string, at: Started): Promise<Response> {
  return fetch(at.url + path, { redirect: 'manual', headers: { cookie } });
}

async function signInAs(account: Account): Promise<Response> {
  const { url, cookie } = await begin();
  return end(await provider.visit(url, account), cookie);
}

/** Where somebody ended, and as whom. */
async function told(answer: Response): Promise<{ to: string | null; who: unknown }> {
  const session = answer.headers.getSetCookie().find((text) => /^__Host-posthorn=./.test(text));
  const headers = { ...OWN_PAGE, cookie: session?.split(';')[0] ?? '' };
  const { json } = await server.api('GET', '/v1/session', undefined, headers);
  return { to: answer.headers.get('location'), who: session === undefined ? null : json };
}

function refused(code: string) {
  return { to: `/sign-in?error=${code}`, who: null };
}

async function audit(what: string): Promise<{ readonly details: unknown }[]> {
  const { json } = await server.api('GET', `/v1/audit?what=${what}`);
  return (json as { items: { details: unknown }[] }).items;
}

describe('a provider', () => {
  beforeEach(() => start());
  afterEach(() => server.stop());

  it('is offered, and gets people with all that makes an answer theirs', async () => {
    const offered = await server.api('GET', '/v1/sign-in', undefined, OWN_PAGE);
    expect(offered.json).toStrictEqual({
      setup: false,
      password: true,
      oidc: { name: 'Office' },
      catalogue: false,
    });
    const answer = await go('/v1/oidc/start', '', server);
    expect(answer.status).toBe(303);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const { searchParams } = new URL(answer.headers.get('location')!);
    expect(Object.fromEntries(searchParams)).toStrictEqual({
      client_id: 'posthorn',
      response_type: 'code',
      redirect_uri: 'https://hooks.example.com/v1/oidc/callback',
      scope: 'openid email profile',
      code_challenge_method: 'S256',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(answer.headers.getSetCookie()).toStrictEqual([
      expect.stringMatching(
        /^__Host-posthorn-oidc=[\w.-]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
      ),
    ]);
  });

  it('signs in whoever has the email that it vouches for, then knows them by the subject', async () => {
    const first = await signInAs(ADA);
    expect(first.headers.getSetCookie()).toStrictEqual([
      expect.stringMatching(/^__Host-posthorn-oidc=; Max-Age=0;/),
      expect.stringMatching(
        /^__Host-posthorn=[\w-]{43}; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
      ),
    ]);
    expect(await told(first)).toMatchObject({ to: '/', who: { id: 1, name: 'Ada' } });
    const again = await signInAs({ ...ADA, email: 'a@other.example', email_verified: false });
    expect(await told(again)).toMatchObject({ to: '/', who: { id: 1 } });
    expect(await audit('identity.linked')).toMatchObject([
      { who: { kind: 'person', id: '1' }, subject: 'person:1', details: { givesRole: false } },
    ]);
    expect(await audit('person.signed-in')).toMatchObject([
      { details: { by: 'oidc' } },
      { details: { by: 'oidc' } },
      { details: {} },
    ]);
  });

  it('signs nobody in who is not known here, whose email is not verified, or is of somebody else', async () => {
    expect(await told(await signInAs(GRACE))).toStrictEqual(refused('not_invited'));
    const { email_verified: _, ...silent } = ADA;
    expect(await told(await signInAs({ ...ADA, email_verified: false }))).toStrictEqual(
      refused('email_unverified'),
    );
    expect(await told(await signInAs(silent))).toStrictEqual(refused('email_unverified'));
    await signInAs(ADA);
    expect(await told(await signInAs({ ...ADA, sub: 'another ada' }))).toStrictEqual(
      refused('not_invited'),
    );
    const reasons = (await audit('sign-in.refused')).map(({ details }) => details);
    expect(reasons).toStrictEqual(
      ['not_invited', 'email_unverified', 'email_unverified', 'not_invited'].map((reason) => ({
        by: 'oidc',
        reason,
      })),
    );
  });

  it('ends the session that the browser had', async () => {
    const before = await told(await signInAs(ADA));
    expect(before.who).not.toBeNull();
    const old = (await signInAs(ADA)).headers.getSetCookie().at(-1)!.split(';')[0]!;
    const headers = { ...OWN_PAGE, cookie: old };
    expect((await server.api('GET', '/v1/session', undefined, headers)).status).toBe(200);
    const answer = await go('/v1/oidc/start', old, server);
    const cookie = answer.headers.getSetCookie()[0]!.split(';')[0]!;
    await end(await provider.visit(answer.headers.get('location')!, ADA), cookie);
    expect((await server.api('GET', '/v1/session', undefined, headers)).status).toBe(401);
  });
});

describe('an answer of the provider', () => {
  beforeAll(() => start());
  afterAll(() => server.stop());

  it('counts for nobody but the browser that asked', async () => {
    const [mine, other] = [await begin(), await begin()];
    const callback = await provider.visit(mine.url, ADA);
    expect(await told(await end(callback, ''))).toStrictEqual(refused('sign_in_expired'));
    expect(await told(await end(callback, other.cookie))).toStrictEqual(refused('sign_in_expired'));
    expect(await told(await end(callback, `${mine.cookie}x`))).toStrictEqual(
      refused('sign_in_expired'),
    );
    expect(await told(await end(callback, '__Host-posthorn-oidc=a.b'))).toStrictEqual(
      refused('sign_in_expired'),
    );
    const state = new URL(other.url).searchParams.get('state')!;
    const mixed = new URL(callback);
    mixed.searchParams.set('state', state);
    expect(await told(await end(mixed.href, mine.cookie))).toStrictEqual(
      refused('sign_in_expired'),
    );
    // With the state of another one, but not its verifier.
    expect(await told(await end(mixed.href, other.cookie))).toStrictEqual(
      refused('provider_refused'),
    );
  });

  it('counts once', async () => {
    const { url, cookie } = await begin();
    const callback = await provider.visit(url, ADA);
    expect(await told(await end(callback, cookie))).toMatchObject({ to: '/' });
    expect(await told(await end(callback, cookie))).toStrictEqual(refused('provider_refused'));
  });

  it.each(['nonce', 'code_challenge'])('is refused when it fits another %s', async (name) => {
    const { url, cookie } = await begin();
    const changed = new URL(url);
    changed.searchParams.set(name, 'x'.repeat(43));
    expect(await told(await end(await provider.visit(changed.href, ADA), cookie))).toStrictEqual(
      refused('provider_refused'),
    );
    expect(server.output()).not.toContain(new URL(url).searchParams.get('nonce'));
  });

  it('is refused when it says no, or names another issuer', async () => {
    const { url, cookie } = await begin();
    const state = new URL(url).searchParams.get('state')!;
    const callback = `https://hooks.example.com/v1/oidc/callback?state=${state}`;
    const no = `${callback}&error=access_denied&iss=${encodeURIComponent(provider.issuer)}`;
    expect(await told(await end(no, cookie))).toStrictEqual(refused('provider_refused'));
    await eventually(() => server.output().includes('access_denied'));
    const foreign = `${callback}&code=x&iss=${encodeURIComponent('https://other.example')}`;
    expect(await told(await end(foreign, cookie))).toStrictEqual(refused('provider_refused'));
  });

  it('is refused when it is signed with a key that is not the provider’s', async () => {
    provider.changeKey('untold');
    expect(await told(await signInAs(ADA))).toStrictEqual(refused('provider_refused'));
    provider.changeKey();
    expect(await told(await signInAs(ADA))).toMatchObject({ to: '/' });
  });

  it('may be signed with a key of a moment ago', async () => {
    expect(await told(await signInAs(ADA))).toMatchObject({ to: '/' });
    provider.changeKey();
    expect(await told(await signInAs(ADA))).toMatchObject({ to: '/' });
  });
});

describe('roles by groups', () => {
  const staff = (...groups: string[]): Account => ({ ...GRACE, groups });
  const env = { POSTHORN_OIDC_ROLES: 'admins=operator, desk=manager@7+9, staff=viewer' };
  beforeAll(() => start(env));
  afterAll(() => server.stop());

  it('make people, change what they may do, and take it away', async () => {
    const made = await told(await signInAs(staff('others', 'staff', 'desk')));
    expect(made).toMatchObject({
      to: '/',
      who: { id: 2, name: 'Grace', role: 'manager', locations: [7, 9] },
    });
    expect(await audit('person.created')).toMatchObject([
      { subject: 'person:2', who: { id: '2' } },
      { subject: 'person:1' },
    ]);
    const raised = await signInAs(staff('admins'));
    expect(await told(raised)).toMatchObject({ who: { role: 'operator', locations: null } });
    expect(await audit('person.changed')).toMatchObject([
      { who: { kind: 'system' }, subject: 'person:2', details: { role: 'operator' } },
    ]);
    expect(await told(await signInAs(staff('others')))).toStrictEqual(refused('not_invited'));
    expect(await told(raised)).toMatchObject({ who: { status: 401 } });
  });

  it('do not concern somebody whom an operator made', async () => {
    const answer = await told(await signInAs({ ...ADA, groups: ['staff'] }));
    expect(answer).toMatchObject({ who: { id: 1, role: 'operator' } });
  });

  it('make nobody whose email is not verified', async () => {
    const unverified = { ...staff('admins'), sub: 'another grace', email_verified: false };
    expect(await told(await signInAs(unverified))).toStrictEqual(refused('email_unverified'));
  });
});

describe('a provider that cannot be asked', () => {
  afterEach(() => server.stop());

  it('is told of when it is down, and passwords go on', async () => {
    await provider.close();
    await start();
    try {
      expect(await told(await go('/v1/oidc/start', '', server))).toStrictEqual(
        refused('provider_unavailable'),
      );
      expect((await signIn(server, 'ada@example.com')).status).toBe(200);
    } finally {
      await provider.open();
    }
    const { url, cookie } = await begin();
    const callback = await provider.visit(url, ADA);
    await provider.close();
    try {
      // More often than guesses are looked at: these are none.
      for (let i = 0; i < 31; i++) {
        expect(await told(await end(callback, cookie))).toStrictEqual(
          refused('provider_unavailable'),
        );
      }
      expect((await signIn(server, 'ada@example.com')).status).toBe(200);
    } finally {
      await provider.open();
    }
    expect(await told(await end(callback, cookie))).toMatchObject({ to: '/' });
    expect(await audit('sign-in.refused')).toStrictEqual([]);
  });

  it('is not called in a network that is not allowed', async () => {
    await start({ POSTHORN_ALLOW_NETWORKS: undefined });
    expect(await told(await go('/v1/oidc/start', '', server))).toStrictEqual(
      refused('provider_unavailable'),
    );
    await eventually(() =>
      server.output().includes('The URL leads to an address that is not public.'),
    );
  });
});

describe('a server', () => {
  afterEach(() => server.stop());

  it('looks at thirty answers in a quarter of an hour for one address', async () => {
    await start();
    const { url, cookie } = await begin();
    const state = new URL(url).searchParams.get('state')!;
    const iss = encodeURIComponent(provider.issuer);
    const callback = `https://hooks.example.com/v1/oidc/callback?state=${state}&code=x&iss=${iss}`;
    for (let i = 0; i < 30; i++)
      expect(await told(await end(callback, cookie))).toStrictEqual(refused('provider_refused'));
    expect(await told(await end(callback, cookie))).toStrictEqual(refused('too_many_requests'));
  });

  it('lets in emails of some domains only, where they are named', async () => {
    await start({ POSTHORN_OIDC_DOMAINS: 'example.org', POSTHORN_OIDC_ROLES: 'staff=viewer' });
    const of = (email: string) => signInAs({ ...GRACE, email, sub: email, groups: ['staff'] });
    expect(await told(await signInAs(ADA))).toStrictEqual(refused('not_invited'));
    expect(await told(await of('a@evil-example.org'))).toStrictEqual(refused('not_invited'));
    expect(await told(await of('a@example.org.evil.example'))).toStrictEqual(
      refused('not_invited'),
    );
    expect(await told(await of('A@Example.org'))).toMatchObject({
      who: { email: 'a@example.org' },
    });
  });

  it('ends what another process began', async () => {
    const dataDir = newDataDir();
    try {
      server = await startServer({ dataDir, env: provider.env });
      await setUp(server);
      const { url, cookie } = await begin();
      await server.stop();
      server = await startServer({ dataDir, env: provider.env });
      const callback = await provider.visit(url, ADA);
      expect(await told(await end(callback, cookie))).toMatchObject({ to: '/', who: { id: 1 } });
    } finally {
      await server.stop();
      removeDataDir(dataDir);
    }
  });

  it('has no way to a provider if none is configured', async () => {
    server = await startServer();
    for (const path of ['/v1/oidc/start', '/v1/oidc/callback?code=x&state=y']) {
      expect((await go(path, '', server)).status).toBe(404);
    }
  });
});
