import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import { createWebhook, report, waitForStates } from '../asking.ts';
import { isOnSqlite } from '../engine.ts';
import { eventually } from '../eventually.ts';
import { changeStore } from '../move/stores.ts';
import { newDataDir, removeDataDir, type Started, startServer } from '../start.ts';

interface Entry {
  readonly id: number;
  readonly at: string;
  readonly who: { readonly kind: string; readonly id: string; readonly name: string };
  readonly address: string | null;
  readonly what: string;
  readonly subject: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

let server: Started;
let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver({ answer: ({ path }) => (path === '/gone' ? 410 : 200) });
  server = await startServer();
});
afterAll(async () => {
  await server.stop();
  await receiver.close();
});

async function audit(query = '', on = server): Promise<Entry[]> {
  const answer = await on.api('GET', `/v1/audit?limit=500&${query}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.json.items as Entry[];
}

/** What was noted about a thing, oldest first. */
async function about(subject: string): Promise<Pick<Entry, 'what' | 'details'>[]> {
  const entries = await audit();
  return entries
    .filter((entry) => entry.subject === subject)
    .toReversed()
    .map(({ what, details }) => ({ what, details }));
}

it('names the key that changed something, its address, and what it was', async () => {
  const { json: made } = await server.api('POST', '/v1/keys', { name: 'Console' });
  const headers = { authorization: `Bearer ${made.key}` };
  const webhook = await createWebhook(server, { url: receiver.url, name: 'Doors' }, headers);
  const [entry] = await audit(`who=${made.id}`);
  expect(entry).toMatchObject({
    who: { kind: 'key', id: made.id, name: 'Console' },
    address: '127.0.0.1',
    what: 'webhook.created',
    subject: `webhook:${webhook.id}`,
    details: { name: 'Doors', app: null, location: null, active: true },
  });
  expect(Math.abs(Date.parse(entry!.at) - Date.now())).toBeLessThan(60_000);
  const [creation] = await audit('what=key.created');
  expect(creation).toMatchObject({
    who: { kind: 'key', id: 'configured', name: 'POSTHORN_API_KEY' },
    subject: `key:${made.id}`,
    details: { name: 'Console', scopes: ['*'] },
  });
});

it('tells of a webhook’s life: the names of what changed, who switched it, what was dropped', async () => {
  const webhook = await createWebhook(server, { url: receiver.url, location: 2 });
  const path = `/v1/webhooks/${webhook.id}`;
  await server.api('PATCH', path, { name: 'New', url: `${receiver.url}/new`, location: 2 });
  await server.api('PATCH', path, { name: 'New' });
  await server.api('PATCH', path, { active: false });
  await report(server, 'BookingCreate', { Id: 1 }, '?location=2');
  await server.api('PATCH', path, { active: true, held: 'drop' });
  await server.api('DELETE', path);
  await server.api('DELETE', path);
  expect(await about(`webhook:${webhook.id}`)).toMatchObject([
    { what: 'webhook.created' },
    { what: 'webhook.changed', details: { fields: ['name', 'url'] } },
    { what: 'webhook.disabled', details: { reason: 'person' } },
    { what: 'held.dropped', details: { held: 1 } },
    { what: 'webhook.enabled' },
    { what: 'webhook.deleted', details: { name: 'New' } },
  ]);
});

it('tells which delivery switched a webhook off, and who sent one again', async () => {
  const gone = await createWebhook(server, { url: `${receiver.url}/gone`, location: 3 });
  await report(server, 'BookingCreate', { Id: 1 }, '?location=3');
  await waitForStates(server, gone.id, ['held']);
  const [off] = await audit('who=system&what=webhook.disabled');
  expect(off).toMatchObject({
    who: { kind: 'system' },
    address: null,
    subject: `webhook:${gone.id}`,
    details: { reason: 'gone', delivery: expect.stringMatching(/^msg_/) as string },
  });

  const well = await createWebhook(server, { url: receiver.url, location: 4 });
  await report(server, 'BookingCreate', { Id: 1 }, '?location=4');
  const [delivery] = await waitForStates(server, well.id, ['delivered']);
  await server.api('POST', `/v1/deliveries/${delivery!.id}/resend`);
  expect(await about(`delivery:${delivery!.id}`)).toMatchObject([
    { what: 'delivery.resent', details: { webhook: well.id } },
  ]);
});

it('tells of keys, secrets and apps, and holds neither keys nor secrets', async () => {
  const { json: app } = await server.api('POST', '/v1/apps', { name: 'Door system' });
  const { json: key } = await server.api('POST', `/v1/apps/${app.id}/keys`, { name: 'one' });
  const { json: next } = await server.api('POST', `/v1/keys/${key.id}/rotate`);
  await server.api('DELETE', `/v1/apps/${app.id}/keys/${next.id}`);
  const secret = 'a tern flies far';
  await server.api('PUT', `/v1/secrets/app:${app.id}`, { secret });
  await server.api('DELETE', `/v1/secrets/app:${app.id}`);
  const url = `${receiver.url}/?token=very-private`;
  const webhook = await createWebhook(server, { url, active: false });
  await server.api('PATCH', `/v1/webhooks/${webhook.id}`, { url: `${url}2` });
  await server.api('DELETE', `/v1/apps/${app.id}`);

  const name = 'Door system';
  expect(await about(`app:${app.id}`)).toMatchObject([
    { what: 'app.created', details: { name } },
    { what: 'app.deleted', details: { name } },
  ]);
  expect(await about(`key:${key.id}`)).toMatchObject([
    { what: 'key.created', details: { app: app.id } },
    { what: 'key.rotated', details: { successor: next.id } },
  ]);
  expect(await about(`key:${next.id}`)).toMatchObject([{ what: 'key.revoked' }]);
  expect(await about(`secret:app:${app.id}`)).toMatchObject([
    { what: 'secret.set' },
    { what: 'secret.removed' },
  ]);
  const { text } = await server.api('GET', '/v1/audit?limit=500');
  for (const hidden of [secret, key.key, next.key, 'very-private'] as string[]) {
    expect(text).not.toContain(hidden);
    expect(text).not.toContain(hidden.slice(-64));
  }
});

describe('reading it', () => {
  it('goes page by page, by time, and as lines', async () => {
    for (let i = 0; i < 5; i++) await server.api('POST', '/v1/apps', { name: `App ${i}` });
    const all = await audit('what=app.created');
    expect(all.map(({ id }) => id)).toStrictEqual(
      all.map(({ id }) => id).toSorted((a, b) => b - a),
    );
    const [newest, next] = all;
    const first = await server.api('GET', '/v1/audit?limit=1&what=app.created');
    expect(first.json.items).toStrictEqual([newest]);
    const cursor = first.json.cursor as string;
    const second = await server.api('GET', `/v1/audit?limit=1&what=app.created&cursor=${cursor}`);
    expect(second.json.items).toStrictEqual([next]);

    const before = all.filter(({ at }) => at < newest!.at);
    expect(await audit(`what=app.created&to=${newest!.at}`)).toStrictEqual(before);
    const since = all.filter(({ at }) => at >= newest!.at);
    expect(await audit(`what=app.created&from=${newest!.at}`)).toStrictEqual(since);

    for (const [path, headers] of [
      ['/v1/audit?what=app.created', { accept: 'application/x-ndjson' }],
      ['/v1/audit?what=app.created&format=ndjson', {}],
    ] as const) {
      const lines = await server.api('GET', path, undefined, headers);
      expect(lines.headers.get('content-type')).toBe('application/x-ndjson');
      const entries = lines.text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Entry);
      expect(entries).toStrictEqual(all);
    }
  });

  it.each(['what=app.renamed', 'from=then', 'cursor=x', 'format=csv'])(
    'refuses %s',
    async (query) => {
      expect((await server.api('GET', `/v1/audit?${query}`)).json).toMatchObject({ status: 400 });
    },
  );

  it('takes an operator with the scope audit:read', async () => {
    const { json: app } = await server.api('POST', '/v1/apps', { name: 'Curious' });
    const scopes = ['audit:read'];
    const ofApp = await server.api('POST', `/v1/apps/${app.id}/keys`, { scopes });
    const bound = await server.api('POST', '/v1/keys', { scopes, location: 1 });
    const lacking = await server.api('POST', '/v1/keys', { scopes: ['settings:write'] });
    const enough = await server.api('POST', '/v1/keys', { scopes });
    const read = async ({ json }: { json: { key: string } }) => {
      const headers = { authorization: `Bearer ${json.key}` };
      return (await server.api('GET', '/v1/audit', undefined, headers)).status;
    };
    expect([await read(ofApp), await read(bound), await read(lacking)]).toStrictEqual([
      403, 403, 403,
    ]);
    expect(await read(enough)).toBe(200);
  });
});

it('counts refused calls by address', async () => {
  const dataDir = newDataDir();
  const first = await startServer({ dataDir });
  for (let i = 0; i < 3; i++) {
    await first.api('GET', '/v1/webhooks', undefined, { authorization: 'Bearer wrong' });
  }
  await first.stop();
  const second = await startServer({ dataDir });
  const refused = await audit('who=unknown', second);
  expect(new Set(refused.map(({ what }) => what))).toStrictEqual(new Set(['auth.failed']));
  expect(refused.every(({ address }) => address === '127.0.0.1')).toBe(true);
  const counted = refused.map(({ details }) => details['count'] as number);
  expect(counted.reduce((sum, count) => sum + count)).toBe(3);
  await second.stop();
  removeDataDir(dataDir);
});

it.skipIf(!isOnSqlite)('leaves when it is older than POSTHORN_AUDIT_RETENTION', async () => {
  const dataDir = newDataDir();
  const env = { POSTHORN_AUDIT_RETENTION: '2h' };
  const first = await startServer({ dataDir, env });
  await first.api('POST', '/v1/apps', { name: 'Old' });
  await first.api('POST', '/v1/apps', { name: 'New' });
  await first.stop();
  changeStore(dataDir, (db) =>
    db.exec(`update audit set at = at - 3 * 3600000 where details like '%Old%'`),
  );
  const second = await startServer({ dataDir, env });
  await eventually(async () => (await audit('', second)).length === 1);
  expect(await audit('', second)).toMatchObject([{ details: { name: 'New' } }]);
  await second.stop();
  removeDataDir(dataDir);
});
