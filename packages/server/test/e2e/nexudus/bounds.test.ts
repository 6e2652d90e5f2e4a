import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWebhook, getWebhook } from '../../asking.ts';
import { join, PASSWORD } from '../../people.ts';
import { type ApiAnswer, type Started, startServer } from '../../start.ts';

/** What a key or a person must not see or do, they cannot by the routes of `/api/sys/webhooks` either. */

const WEBHOOKS = '/api/sys/webhooks';
const HERE = 7;
const ELSEWHERE = 8;
/** In everything that belongs to the app and the location here. */
const MARK = 'harbour-only';
const ALL = ['webhooks:read', 'webhooks:write', 'deliveries:resend'];

let server: Started;
let id: number;
let everywhere: number;
let strangers: Record<Stranger, Headers>;

interface Headers extends Readonly<Record<string, string>> {
  readonly authorization: string;
}
type Stranger = (typeof STRANGERS)[number];
const STRANGERS = [
  'another app',
  'an operator at another location',
  'the app at another location',
  'a manager of other locations',
] as const;

beforeAll(async () => {
  server = await startServer();
  const makeApp = async (name: string) =>
    (await server.api('POST', '/v1/apps', { name })).json.id as number;
  const keyOf = async (path: string, input: object) =>
    bearer(await server.api('POST', path, { scopes: ALL, ...input }));
  const [app, other] = [await makeApp(MARK), await makeApp('Other')];
  const owner = await keyOf(`/v1/apps/${app}/keys`, {});
  strangers = {
    'another app': await keyOf(`/v1/apps/${other}/keys`, {}),
    'an operator at another location': await keyOf('/v1/keys', { location: ELSEWHERE }),
    'the app at another location': await keyOf(`/v1/apps/${app}/keys`, { location: ELSEWHERE }),
    'a manager of other locations': await person('manager', [ELSEWHERE, 9]),
  };
  const input = { url: 'https://hooks.example.com/in', name: MARK };
  ({ id } = await createWebhook(server, { ...input, location: HERE }, owner));
  everywhere = (await createWebhook(server, { ...input, location: null }, owner)).id;
});
afterAll(() => server.stop());

function bearer({ json, text }: ApiAnswer): Headers {
  if (json?.key === undefined) throw new Error(text);
  return { authorization: `Bearer ${json.key}` };
}

/** The headers of a new person, as Basic authentication. */
async function person(role: string, locations: readonly number[] | null): Promise<Headers> {
  const email = `${role}@example.com`;
  await join(server, { email, role, locations });
  return { authorization: `Basic ${Buffer.from(`${email}:${PASSWORD}`).toString('base64')}` };
}

describe.each(STRANGERS)('%s', (stranger) => {
  const call = (method: string, path = '', body?: unknown) =>
    server.api(method, WEBHOOKS + path, body, strangers[stranger]);

  it('finds nothing of others in any list', async () => {
    for (const query of [
      '',
      '?size=1000',
      `?id=[${id},${everywhere}]`,
      `?WebHook_Id=[${id}]`,
      `?Id=${id}`,
      `?WebHook_Name=${MARK}`,
      `?WebHook_Business=${HERE}`,
      '?WebHook_Business=0',
    ]) {
      const answer = await call('GET', query);
      expect(answer.status, query).toBe(200);
      expect(answer.text, query).not.toContain(MARK);
      if (!Array.isArray(answer.json)) expect(answer.json).toMatchObject({ TotalItems: 0 });
    }
  });

  it('is answered "Not found" for each, whatever it wants, and nothing happens to them', async () => {
    for (const webhook of [id, everywhere]) {
      const before = await getWebhook(server, webhook);
      for (const answer of [
        await call('GET', `/${webhook}`),
        await call('PUT', `/${webhook}`, { Active: false }),
        await call('PUT', '', { Id: webhook, Active: false }),
        await call('DELETE', `/${webhook}`),
      ]) {
        expect([answer.status, answer.text]).toStrictEqual([404, '"Not found"']);
      }
      for (const { Key } of (await call('GET', '/commands')).json as { Key: string }[]) {
        const answer = await call('POST', '/runcommand', { Key, Ids: [webhook] });
        expect(answer.json).toMatchObject({
          Message: `WebHook ${webhook}: Not found`,
          WasSuccessful: false,
        });
      }
      expect(await getWebhook(server, webhook)).toStrictEqual(before);
    }
  });
});

it.each(['an operator at another location', 'a manager of other locations'] as const)(
  '%s makes and keeps webhooks there only',
  async (stranger) => {
    const headers = strangers[stranger];
    const record = { Name: 'n', Action: 4, URL: 'https://hooks.example.com/in' };
    const refused = await server.api('POST', WEBHOOKS, { ...record, BusinessId: HERE }, headers);
    expect(refused.status).toBe(400);
    expect(refused.json).toMatchObject({
      WasSuccessful: false,
      Errors: [{ PropertyName: 'BusinessId', AttemptedValue: HERE }],
    });
    const made = await server.api('POST', WEBHOOKS, { ...record, BusinessId: ELSEWHERE }, headers);
    const { Id } = made.json.Value as { Id: number };
    const moved = await server.api('PUT', `${WEBHOOKS}/${Id}`, { BusinessId: HERE }, headers);
    expect(moved.status).toBe(400);
    expect(await getWebhook(server, Id)).toMatchObject({ location: ELSEWHERE });
  },
);

describe('without the role', () => {
  const keyWith = async (...scopes: string[]) =>
    bearer(await server.api('POST', '/v1/keys', { scopes }));

  it.each<[string, string, unknown]>([
    ['POST', '', {}],
    ['PUT', '', {}],
    ['PUT', '/1', {}],
    ['DELETE', '/1', undefined],
    ['POST', '/runcommand', {}],
  ])('to write, %s %s is 401', async (method, path, body) => {
    const answer = await server.api(method, WEBHOOKS + path, body, await keyWith('webhooks:read'));
    expect(answer.status).toBe(401);
    expect(answer.json).toMatchObject({ Message: expect.stringContaining('WebHook-') });
  });

  it.each(['', '?id=[1]', '/1', '/commands'])('to read, GET %s is 401', async (path) => {
    const headers = await keyWith('webhooks:write');
    expect((await server.api('GET', WEBHOOKS + path, undefined, headers)).status).toBe(401);
  });

  it('of a manager, a viewer reads and writes nothing', async () => {
    const headers = await person('viewer', [HERE]);
    const call = (method: string, path: string, body?: unknown) =>
      server.api(method, WEBHOOKS + path, body, headers);
    expect((await call('GET', `/${id}`)).json).toMatchObject({ Name: MARK, BusinessId: HERE });
    expect((await call('GET', '')).json).toMatchObject({ TotalItems: 1 });
    expect((await call('PUT', `/${id}`, { Active: false })).status).toBe(401);
    expect((await call('DELETE', `/${id}`)).status).toBe(401);
    const me = await server.api('GET', '/api/auth/me', undefined, headers);
    expect(me.json).toMatchObject({
      IsAdmin: false,
      Businesses: [HERE],
      Roles: ['WebHook-List', 'WebHook-Read'],
    });
  });

  it('to resend, that command is refused', async () => {
    const headers = await keyWith('webhooks:read', 'webhooks:write');
    const body = { Key: 'WEBHOOK_RESEND_FAILED', Ids: [id] };
    const answer = await server.api('POST', `${WEBHOOKS}/runcommand`, body, headers);
    expect(answer.json).toMatchObject({
      WasSuccessful: false,
      Message: expect.stringContaining('deliveries:resend'),
    });
  });
});
