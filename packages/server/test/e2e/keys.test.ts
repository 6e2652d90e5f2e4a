import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../eventually.ts';
import {
  API_KEY,
  type ApiAnswer,
  newDataDir,
  removeDataDir,
  type Started,
  startServer,
} from '../start.ts';

let server: Started;
beforeAll(async () => void (server = await startServer()));
afterAll(() => server.stop());

interface Key {
  readonly id: string;
  readonly headers: { readonly authorization: string };
}

async function makeKey(body: object = {}, on: Started = server, headers = {}): Promise<Key> {
  const made = await on.api('POST', '/v1/keys', body, headers);
  expect(made.status, made.text).toBe(201);
  return shown(made);
}

function shown({ json }: ApiAnswer): Key {
  return { id: json.id as string, headers: { authorization: `Bearer ${json.key}` } };
}

interface Listed {
  readonly id: string;
  readonly expiresAt: string | null;
  readonly successor: string | null;
}

async function listed(query = '?limit=500'): Promise<{ items: Listed[]; cursor: string | null }> {
  return (await server.api('GET', `/v1/keys${query}`)).json as Awaited<ReturnType<typeof listed>>;
}

/** The status of a call with this key that every operator may make. */
async function tried({ headers }: Key, on: Started = server): Promise<number> {
  return (await on.api('GET', '/v1/webhooks', undefined, headers)).status;
}

const IN_AN_HOUR = () => new Date(Date.now() + 3_600_000).toISOString();

describe('the key of an operator', () => {
  it('is made, listed without its secret, and revoked', async () => {
    const expiresAt = IN_AN_HOUR();
    const made = await makeKey({ name: 'Deploy', scopes: ['webhooks:read'], expiresAt });
    expect(await tried(made)).toBe(200);
    const list = await server.api('GET', '/v1/keys?limit=500');
    expect((list.json.items as Listed[]).find(({ id }) => id === made.id)).toMatchObject({
      name: 'Deploy',
      app: null,
      location: null,
      scopes: ['webhooks:read'],
      expiresAt,
      successor: null,
    });
    expect(list.text).not.toContain(made.headers.authorization.slice(-64));
    expect((await server.api('DELETE', `/v1/keys/${made.id}`)).status).toBe(204);
    expect(await tried(made)).toBe(401);
    expect((await server.api('DELETE', `/v1/keys/${made.id}`)).status).toBe(404);
    expect((await server.api('POST', `/v1/keys/${made.id}/rotate`)).status).toBe(404);
  });

  it('is on one page of the list, with those of apps', async () => {
    const { json: app } = await server.api('POST', '/v1/apps', { name: 'Doors' });
    const ofApp = shown(await server.api('POST', `/v1/apps/${app.id}/keys`));
    const ids = [ofApp.id, (await makeKey()).id, (await makeKey()).id];
    const found: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await listed(`?limit=1${cursor && `&cursor=${cursor}`}`);
      found.push(...page.items.map(({ id }) => id));
      cursor = page.cursor;
    }
    expect(found).toStrictEqual(found.toSorted());
    expect(found).toEqual(expect.arrayContaining(ids));
    expect((await server.api('DELETE', `/v1/keys/${ofApp.id}`)).status).toBe(204);
    expect(await tried(ofApp)).toBe(401);
  });

  it('is good until it expires', async () => {
    const made = await makeKey({ expiresAt: new Date(Date.now() + 3000).toISOString() });
    expect(await tried(made)).toBe(200);
    await eventually(async () => (await tried(made)) === 401, { deadlineMs: 12_000 });
    const { items } = await listed();
    expect(items.map(({ id }) => id)).not.toContain(made.id);
  });

  it('gives no scope that it does not have', async () => {
    const some = await makeKey({ scopes: ['settings:write', 'webhooks:read'] });
    await makeKey({ scopes: ['webhooks:read'] }, server, some.headers);
    const all = await makeKey();
    for (const [path, body] of [
      ['/v1/keys', {}],
      ['/v1/keys', { scopes: ['events:read'] }],
      [`/v1/keys/${all.id}/rotate`, {}],
    ] as const) {
      const refused = await server.api('POST', path, body, some.headers);
      expect(refused.json, path).toMatchObject({ status: 403, field: 'scopes' });
    }
  });

  it.each<[object, string]>([
    [{ scopes: [] }, 'scopes'],
    [{ scopes: ['everything'] }, 'scopes.0'],
    [{ scopes: ['*', 'events:read'] }, 'scopes'],
    [{ name: '' }, 'name'],
    [{ location: 0 }, 'location'],
    [{ expiresAt: 'soon' }, 'expiresAt'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    [{ app: 1 }, 'app'],
  ])('is not made from %j', async (body, field) => {
    const answer = await server.api('POST', '/v1/keys', body);
    expect(answer.json).toMatchObject({ status: 400, field });
  });
});

describe('rotating', () => {
  it('makes a successor like the old key, which is good beside it for the overlap', async () => {
    const old = await makeKey({ name: 'CI', scopes: ['webhooks:read'], location: 7 });
    const answer = await server.api('POST', `/v1/keys/${old.id}/rotate`, { overlap: '2h' });
    expect(answer.status).toBe(201);
    expect(answer.json).toMatchObject({
      name: 'CI',
      scopes: ['webhooks:read'],
      location: 7,
      expiresAt: null,
    });
    const next = shown(answer);
    expect(next.id).not.toBe(old.id);
    expect([await tried(old), await tried(next)]).toStrictEqual([200, 200]);
    const again = await server.api('POST', `/v1/keys/${old.id}/rotate`);
    expect(again.json).toMatchObject({ status: 409, code: 'conflict' });
    const left = (await listed()).items.find(({ id }) => id === old.id)!;
    expect(left.successor).toBe(next.id);
    const minutesLeft = (Date.parse(left.expiresAt!) - Date.now()) / 60_000;
    expect(minutesLeft).toBeGreaterThan(115);
    expect(minutesLeft).toBeLessThan(121);
  });

  it('without an overlap ends the old key at once', async () => {
    const old = await makeKey({ expiresAt: IN_AN_HOUR() });
    const answer = await server.api('POST', `/v1/keys/${old.id}/rotate`, { overlap: '0s' });
    expect(await tried(old)).toBe(401);
    expect(await tried(shown(answer))).toBe(200);
    expect(answer.json.expiresAt).not.toBeNull();
  });

  it.each(['24', '91d', 'long'])('refuses the overlap %s', async (overlap) => {
    const { id } = await makeKey();
    const answer = await server.api('POST', `/v1/keys/${id}/rotate`, { overlap });
    expect(answer.json).toMatchObject({ status: 400, field: 'overlap' });
  });
});

it('the last key that can do everything stays, unless one is configured', async () => {
  const dataDir = newDataDir();
  const env = { POSTHORN_API_KEY: undefined };
  const alone = await startServer({ dataDir, env });
  const [, id, secret] = /ph_([0-9a-f]{12})_([0-9a-f]{64})/.exec(alone.output())!;
  const first = { id: id!, headers: { authorization: `Bearer ph_${id}_${secret}` } };
  const revoke = (key: Key, by: Key) =>
    alone.api('DELETE', `/v1/keys/${key.id}`, undefined, by.headers);
  await makeKey({ scopes: ['settings:write'] }, alone, first.headers);
  await makeKey({ location: 3 }, alone, first.headers);
  expect((await revoke(first, first)).json).toMatchObject({ status: 409, code: 'conflict' });
  expect(await tried(first, alone)).toBe(200);
  const second = await makeKey({}, alone, first.headers);
  expect((await revoke(first, second)).status).toBe(204);
  expect((await revoke(second, second)).status).toBe(409);
  await alone.stop();

  const configured = await startServer({ dataDir });
  const answer = await configured.api('DELETE', `/v1/keys/${second.id}`, undefined, {
    authorization: `Bearer ${API_KEY}`,
  });
  expect(answer.status).toBe(204);
  await configured.stop();
  removeDataDir(dataDir);
});
