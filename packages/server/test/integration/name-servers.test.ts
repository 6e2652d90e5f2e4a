import { Resolver } from 'node:dns';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { type NameServer, openNameServer, type Records } from '@posthorn/testkit/name-server';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, startApp } from '../../src/app.ts';
import { readConfig } from '../../src/config/read.ts';
import { createWebhook, deliveriesOf, getDelivery, report, waitForStates } from '../asking.ts';
import { eventually } from '../eventually.ts';
import { API_KEY, apiAt, newDataDir, removeDataDir, type Started } from '../start.ts';

// 127.0.0.1 stands for the public internet and is allowed; 127.0.0.2, where the same receiver
// listens (on Linux), stands for what is private.
const PUBLIC = '127.0.0.1';
const PRIVATE = '127.0.0.2';
const PRIVATE_MAPPED = '0000:0000:0000:0000:0000:ffff:7f00:0002';
const METADATA = '169.254.169.254';

const dataDir = newDataDir();
const receiver = createServer((_request, response) =>
  response.writeHead(200, { connection: 'close' }).end(),
);
/** The addresses at which connections came in. */
const connections: string[] = [];
let names: NameServer;
let app: App;
let server: Pick<Started, 'api'>;
let port: number;
beforeAll(async () => {
  receiver.on('connection', ({ localAddress }) => connections.push(localAddress ?? ''));
  receiver.listen(0, '0.0.0.0');
  await once(receiver, 'listening');
  ({ port } = receiver.address() as AddressInfo);
  names = await openNameServer();
  app = await startApp({
    config: readConfig({
      POSTHORN_PORT: '0',
      POSTHORN_DATA_DIR: dataDir,
      POSTHORN_API_KEY: API_KEY,
      POSTHORN_ALLOW_NETWORKS: `${PUBLIC}/32`,
      POSTHORN_RETRY_SCHEDULE: '1h',
    }),
    version: '0.0.0',
    log: pino({ level: 'silent' }),
    showFirstKey: () => {},
    lookup: lookupAt(names.address),
  });
  server = { api: apiAt(app.url) };
});
afterAll(async () => {
  await app.stop();
  await names.close();
  receiver.close();
  receiver.closeAllConnections();
  removeDataDir(dataDir);
});

/** `dns.lookup`, with this server in place of the system's. */
function lookupAt(address: string): LookupFunction {
  const resolver = new Resolver({ timeout: 4000, tries: 1 });
  resolver.setServers([address]);
  return (hostname, _options, callback) => {
    const found: { address: string; family: number }[] = [];
    let open = 2;
    const take = (family: 4 | 6) => (error: Error | null, addresses: string[]) => {
      if (error === null) found.push(...addresses.map((text) => ({ address: text, family })));
      if (--open === 0) callback(found.length === 0 ? error : null, found);
    };
    resolver.resolve4(hostname, take(4));
    resolver.resolve6(hostname, take(6));
  };
}

const many = (count: number, address: string) => Array.from({ length: count }, () => address);
const chain = ['edge.cdn.example.net', 'node-7.edge.cdn.example.net', 'pool.example.org'];

const FORBIDDEN: readonly (readonly [string, Records])[] = [
  ['a private address', { a: [PRIVATE] }],
  ['a public and a private address', { a: [PUBLIC, PRIVATE] }],
  ['a private and a public address', { a: [PRIVATE, PUBLIC] }],
  ['a public address and a private one in IPv6', { a: [PUBLIC], aaaa: [PRIVATE_MAPPED] }],
  ['the metadata service of a cloud', { a: [METADATA] }],
  ['a private one among 64', { a: [...many(63, PUBLIC), PRIVATE] }],
  ['other names, and in the end a private address', { cname: chain, a: [PRIVATE] }],
];
const BLOCKED = {
  status: 400,
  code: 'blocked_url',
  field: 'url',
  detail: expect.stringMatching(/^url: The URL leads to an address that is not public\./),
};

let count = 0;
/** A name of its own for each test, with these records. */
function named(records: Records): { readonly name: string; readonly url: string } {
  const name = `hooks-${++count}.example.com`;
  names.set(name, records);
  return { name, url: `http://${name}:${port}/` };
}

const create = (url: string) =>
  server.api('POST', '/v1/webhooks', { name: 'n', actions: ['BookingCreate'], url });

describe.each(FORBIDDEN)('a name with %s', (_title, records) => {
  it('is refused alike when a webhook is made, changed and tested', async () => {
    const good = named({ a: [PUBLIC] });
    const bad = named(records);
    const made = await create(bad.url);
    const webhook = await createWebhook(server, { url: good.url, actions: ['BlogPostCreate'] });
    const path = `/v1/webhooks/${webhook.id}`;
    const changed = await server.api('PATCH', path, { url: bad.url });
    names.set(good.name, records);
    const tested = await server.api('POST', `${path}/test`);

    for (const answer of [made, changed, tested]) {
      expect(answer.json).toMatchObject(BLOCKED);
      for (const address of [PUBLIC, PRIVATE, METADATA]) expect(answer.text).not.toContain(address);
    }
    expect((await server.api('GET', path)).json.url).toBe(good.url);
    expect(await deliveriesOf(server, webhook.id)).toStrictEqual([]);
  });

  it('is not called when it was bound to that after the webhook was made', async () => {
    const { name, url } = named({ a: [PUBLIC] });
    const webhook = await createWebhook(server, { url, actions: ['BookingUpdate'] });
    names.set(name, records);
    await report(server, 'BookingUpdate');
    const delivery = await eventually(async () => {
      const [one] = await deliveriesOf(server, webhook.id);
      return one?.attempts === 1 && one.state === 'due' && one;
    });
    const { attemptLog } = await getDelivery(server, delivery.id);
    expect(attemptLog).toMatchObject([{ response: null, error: { code: 'blocked_address' } }]);
    expect(connections).not.toContain(PRIVATE);
    expect((await server.api('DELETE', `/v1/webhooks/${webhook.id}`)).status).toBe(204);
  });
});

describe('a name', () => {
  it('with more than 64 addresses is refused', async () => {
    const answer = await create(named({ a: many(65, PUBLIC) }).url);
    expect(answer.json).toMatchObject({ status: 400, code: 'blocked_url' });
  });

  it.each<[string, Records]>([
    ['one public address', { a: [PUBLIC] }],
    ['64 public addresses', { a: many(64, PUBLIC) }],
    ['other names, and in the end a public address', { cname: chain, a: [PUBLIC] }],
  ])('with %s is taken without a warning, and called', async (_title, records) => {
    const { url } = named(records);
    const answer = await create(url);
    expect(answer.json).toMatchObject({ url });
    expect(answer.json).not.toHaveProperty('warnings');
    const tested = await server.api('POST', `/v1/webhooks/${answer.json.id}/test`);
    expect(tested.json).not.toHaveProperty('warnings');
    await waitForStates(server, answer.json.id as number, ['delivered']);
  });

  it.each([
    ['does not exist yet', 'absent', 'dns'],
    ['has no addresses yet', {}, 'dns'],
    ['has a server that does not answer', 'silent', 'dns'],
  ] as const)('that %s is taken with a warning', async (_title, answer, code) => {
    const { name, url } = named({ a: [PUBLIC] });
    names.set(name, answer);
    const made = await create(url);
    const warnings = [{ code: 'name_not_resolved', field: 'url', detail: expect.any(String) }];
    expect(made.status).toBe(201);
    expect(made.json).toMatchObject({ url, warnings });
    const path = `/v1/webhooks/${made.json.id}`;
    expect((await server.api('PATCH', path, { url })).json).toMatchObject({ warnings });
    const renamed = await server.api('PATCH', path, { name: 'new' });
    expect(renamed.json).not.toHaveProperty('warnings');
    const tested = await server.api('POST', `${path}/test`);
    expect(tested.status).toBe(202);
    expect(tested.json).toMatchObject({ warnings });
    const log = await eventually(async () => {
      const { attemptLog } = await getDelivery(server, tested.json.delivery as string);
      return attemptLog.length === 1 && attemptLog;
    });
    expect(log).toMatchObject([{ response: null, error: { code } }]);
  });
});

it('meets no connection at the private address in all of this', () => {
  expect(connections).toContain(PUBLIC);
  expect(new Set(connections)).toStrictEqual(new Set([PUBLIC]));
});
