import { openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createWebhook,
  deliveriesOf,
  getDelivery,
  report,
  waitForStates,
  type WebhookAnswer,
} from '../asking.ts';
import { eventually } from '../eventually.ts';
import { type Started, startServer } from '../start.ts';

let server: Started;
let receiver: Receiver;
let status = 200;
beforeAll(async () => {
  receiver = await openReceiver({ answer: () => status });
  server = await startServer({ env: { POSTHORN_RETRY_SCHEDULE: '30ms,1h' } });
});
afterAll(async () => {
  await server.stop();
  await receiver.close();
});

let lastLocation = 0;
const open = (input: object = {}) =>
  createWebhook(server, { url: receiver.url, location: ++lastLocation, ...input });
const items = async <T = { id: number }>(path: string) =>
  ((await server.api('GET', path)).json as { items: T[] }).items;
const idsOf = async (query: string) => (await items(`/v1/webhooks?${query}`)).map(({ id }) => id);
/** A key that sees one location. */
async function keyOf(location: number, scopes = ['webhooks:read', 'webhooks:write']) {
  const { json } = await server.api('POST', '/v1/keys', { name: 'bound', location, scopes });
  return { authorization: `Bearer ${(json as { key: string }).key}` };
}

describe('a URL that is being typed', () => {
  const check = async (url: string) =>
    (await server.api('POST', '/v1/webhooks/check-url', { url })).json as unknown;

  it('is judged as when a webhook is made', async () => {
    expect(await check(receiver.url)).toStrictEqual({ ok: true, problem: null, warnings: [] });
    const url = 'http://10.0.0.1/';
    const refused = await server.api('POST', '/v1/webhooks', { name: 'n', actions: ['*'], url });
    const { detail } = refused.json as { detail: string };
    expect(await check(url)).toStrictEqual({
      ok: false,
      problem: { code: 'blocked_url', field: 'url', detail: detail.replace(/^url: /, '') },
      warnings: [],
    });
    expect(await check('htt')).toMatchObject({ ok: false, problem: { field: 'url' } });
  });

  it('has a warning while its name does not resolve', async () => {
    expect(await check('https://nobody-has-this.invalid/')).toMatchObject({
      ok: true,
      warnings: [{ code: 'name_not_resolved' }],
    });
  });
});

describe('the preview of a call', () => {
  it('has what the real call has but for ids, time and signatures', async () => {
    const location = ++lastLocation;
    await server.api('PUT', `/v1/secrets/location:${location}`, { secret: 'a tern flies far' });
    const preview = await server.api('POST', '/v1/webhooks/preview', {
      actions: ['BookingDelete', 'BookingCreate'],
      action: 'BookingCreate',
      url: receiver.url,
      location,
    });
    expect(preview.status).toBe(200);
    const { json } = await server.api('GET', '/v1/actions/BookingCreate');
    const webhook = await open({ location });
    await report(server, 'BookingCreate', JSON.stringify(json.sample), `?location=${location}`);
    await waitForStates(server, webhook.id, ['delivered']);
    const real = receiver.requests.at(-1)!;
    expect(preview.json).toMatchObject({ action: 'BookingCreate', signed: true, method: 'POST' });
    expect(preview.json.body).toBe(String(real.body));
    const shown = Object.fromEntries(
      (preview.json.headers as [string, string][]).map(([name, value]) => [
        name.toLowerCase(),
        value,
      ]),
    );
    const changing = ['webhook-id', 'webhook-timestamp', 'webhook-signature', 'posthorn-event'];
    const fixed = (headers: object) =>
      Object.fromEntries(Object.entries(headers).filter(([name]) => !changing.includes(name)));
    expect(fixed(shown)).toStrictEqual(fixed(real.headers));
    for (const name of changing) expect(shown[name]).toMatch(/\S/);
  });

  it('knows no secret of another location, and no action that was not chosen', async () => {
    const input = { actions: ['BookingCreate'], url: receiver.url };
    const bound = await keyOf(++lastLocation);
    const ask = (more: object, headers = {}) =>
      server.api('POST', '/v1/webhooks/preview', { ...input, ...more }, headers);
    expect((await ask({ location: lastLocation + 1 }, bound)).status).toBe(403);
    expect((await ask({}, bound)).json).toMatchObject({ signed: false });
    expect((await ask({ action: 'BookingDelete' })).json).toMatchObject({ field: 'action' });
    expect((await ask({ url: 'not a url' })).json).toMatchObject({ field: 'url' });
  });
});

describe('the list of webhooks', () => {
  it('is searched in name, URL and description, without wildcards', async () => {
    const location = ++lastLocation;
    const named = await open({ location, name: 'Door 100%_A' });
    const reached = await open({ location, url: `${receiver.url}/doors` });
    const told = await open({ location, description: 'opens the DOOR' });
    const other = await open({ location, name: 'Invoices' });
    expect(await idsOf(`location=${location}&q=door`)).toStrictEqual([
      named.id,
      reached.id,
      told.id,
    ]);
    expect(await idsOf(`location=${location}&q=${encodeURIComponent('%_a')}`)).toStrictEqual([
      named.id,
    ]);
    expect(await idsOf(`location=${location}&q=nothing`)).toStrictEqual([]);
    expect(await idsOf(`location=${location}`)).toContain(other.id);
  });

  it('is filtered by the state that people see', async () => {
    const location = ++lastLocation;
    status = 500;
    const failing = await open({ location });
    await report(server, 'BookingCreate', { Id: 1 }, `?location=${location}`);
    await eventually(async () => (await idsOf(`location=${location}&state=failing`)).length === 1);
    const off = await open({ location, active: false });
    const healthy = await open({ location });
    expect(await idsOf(`location=${location}&state=failing`)).toStrictEqual([failing.id]);
    expect(await idsOf(`location=${location}&state=off`)).toStrictEqual([off.id]);
    expect(await idsOf(`location=${location}&state=healthy`)).toStrictEqual([healthy.id]);
    expect(await idsOf(`location=${location}&state=open`)).toStrictEqual([]);
    expect(await idsOf(`location=${location}&state=disabled`)).toStrictEqual([]);
    status = 200;
  });
});

describe('the list of deliveries', () => {
  it('is filtered by location and event', async () => {
    const webhook = await open();
    await open({ location: webhook.location });
    const query = `?location=${webhook.location}`;
    const event = await report(server, 'BookingCreate', { Id: 1 }, query);
    await report(server, 'BookingCreate', { Id: 2 }, query);
    const list = (filter: string) => items<{ event: string }>(`/v1/deliveries?${filter}`);
    expect(await list(`location=${webhook.location}`)).toHaveLength(4);
    const ofEvent = await list(`event=${event}`);
    expect(ofEvent.map((delivery) => delivery.event)).toStrictEqual([event, event]);
    expect(await list(`event=${event}&webhook=${webhook.id}`)).toHaveLength(1);
    expect(await list('event=evt_of_nobody')).toStrictEqual([]);
  });
});

describe('sending several again', () => {
  const resend = (ids: readonly string[], headers = {}) =>
    server.api('POST', '/v1/deliveries/resend', { ids }, headers);

  async function delivered(count: number): Promise<{ webhook: WebhookAnswer; ids: string[] }> {
    const webhook = await open();
    for (let i = 0; i < count; i++)
      await report(server, 'BookingCreate', { Id: i }, `?location=${webhook.location}`);
    const deliveries = await waitForStates(server, webhook.id, ['delivered'], count);
    return { webhook, ids: deliveries.map(({ id }) => id) };
  }

  it('sends each that can be sent, and says of the others why not', async () => {
    const { webhook, ids } = await delivered(3);
    const held = await delivered(1);
    await server.api('PATCH', `/v1/webhooks/${held.webhook.id}`, { active: false });
    const asked = [...ids, ...held.ids, 'msg_of_nobody'];
    const { status: answered, json } = await resend(asked);
    expect(answered).toBe(202);
    expect(json.items).toMatchObject([
      ...ids.map((id) => ({ id, problem: null })),
      { id: held.ids[0], problem: { code: 'conflict' } },
      { id: 'msg_of_nobody', problem: { code: 'not_found' } },
    ]);
    await eventually(async () => {
      const again = await deliveriesOf(server, webhook.id);
      return again.every(({ state, attempts }) => state === 'delivered' && attempts === 2);
    });
  });

  it('finds only what the key may see, and takes at most a hundred', async () => {
    const { ids } = await delivered(1);
    const bound = await keyOf(++lastLocation, ['deliveries:resend']);
    expect((await resend(ids, bound)).json.items).toMatchObject([
      { problem: { code: 'not_found' } },
    ]);
    const many = Array.from({ length: 101 }, (_, i) => `msg_${i}`);
    expect((await resend(many)).json).toMatchObject({ code: 'invalid_request', field: 'ids' });
  });
});

it('says in plain words what to do about a failed attempt', async () => {
  status = 404;
  const webhook = await open();
  await report(server, 'BookingCreate', { Id: 1 }, `?location=${webhook.location}`);
  const attempt = await eventually(async () => {
    const [delivery] = await deliveriesOf(server, webhook.id);
    return (await getDelivery(server, delivery!.id)).attemptLog[0];
  });
  status = 200;
  expect(attempt.error).toMatchObject({
    code: 'status',
    help: expect.stringContaining('nothing at this path'),
  });
});
