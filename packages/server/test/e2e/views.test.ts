import { createHmac } from 'node:crypto';
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
  const input = { actions: ['BookingCreate'], url: 'https://hooks.example.com/in' };

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

  it('of a webhook that an app has made is signed with the secret of the app', async () => {
    const { id } = (await server.api('POST', '/v1/apps', { name: 'Doors' })).json as { id: number };
    const { key } = (await server.api('POST', `/v1/apps/${id}/keys`)).json as { key: string };
    const headers = { authorization: `Bearer ${key}` };
    await server.api('PUT', `/v1/secrets/app:${id}`, { secret: 'a tern of the app' });
    const body = { ...input, name: 'n', location: ++lastLocation };
    const ofApp = await server.api('POST', '/v1/webhooks', body, headers);
    const ask = (more: object, by = {}) =>
      server.api('POST', '/v1/webhooks/preview', { ...input, ...more }, by);
    const shown = await ask({ webhook: ofApp.json.id as number });
    const sent = new Map(shown.json.headers as [string, string][]);
    const signature = createHmac('sha256', 'a tern of the app').update(shown.json.body as string);
    expect(sent.get('X-Nexudus-Hook-Signature')).toBe(signature.digest('hex').toUpperCase());
    const other = await open();
    expect((await ask({ webhook: other.id }, headers)).status).toBe(404);
    expect((await ask({ webhook: other.id })).json).toMatchObject({ signed: false });
  });

  it('knows no secret of another location, and no action that was not chosen', async () => {
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

interface Counted {
  readonly calls: number;
  readonly failedCalls: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

interface Health {
  readonly totals: Counted;
  readonly steps: readonly Counted[];
  readonly waiting: { readonly nextAttemptAt: string };
}

type Lately = Counted & { readonly events: number | null; readonly callsPerSecond: number };

interface Overview extends Readonly<Record<'minute' | 'hour' | 'day', Lately>> {
  readonly webhooks: object;
  readonly waiting: { readonly due: number };
  readonly attention: readonly object[];
}

interface Listed {
  readonly id: number;
  readonly waiting: number;
  readonly day: { readonly calls: number[]; readonly failedCalls: number[] };
}

describe('how things go', () => {
  const overview = async (headers = {}) =>
    (await server.api('GET', '/v1/overview', undefined, headers)).json as Overview;
  const health = (id: number, query = '', headers = {}) =>
    server.api('GET', `/v1/webhooks/${id}/health${query}`, undefined, headers);

  it('is shown of one webhook, in steps and in all, with what waits', async () => {
    const webhook = await open();
    const query = `?location=${webhook.location}`;
    for (let i = 0; i < 3; i++) await report(server, 'BookingCreate', { Id: i }, query);
    await waitForStates(server, webhook.id, ['delivered'], 3);
    status = 500;
    await report(server, 'BookingCreate', { Id: 4 }, query);
    // Its second attempt fails too, and the third is an hour away.
    const shown = await eventually(async () => {
      const seen = (await health(webhook.id)).json as Health;
      return seen.totals.failedCalls === 2 && seen;
    });
    status = 200;
    expect(shown.totals).toMatchObject({ calls: 5, delivered: 3, failed: 0, successShare: 0.6 });
    expect(shown.totals.p50Ms).toBeGreaterThan(0);
    expect(shown.totals.p95Ms).toBeGreaterThanOrEqual(shown.totals.p50Ms);
    expect(shown.waiting).toMatchObject({ due: 1, held: 0 });
    expect(Date.parse(shown.waiting.nextAttemptAt)).toBeGreaterThan(Date.now());
    expect(shown).toMatchObject({ stepMs: 900_000 });
    const sum = shown.steps.reduce((all, step) => all + step.calls, 0);
    expect(sum).toBe(5);
    expect([96, 97]).toContain(shown.steps.length);

    await server.api('PATCH', `/v1/webhooks/${webhook.id}`, { active: false });
    const { json: off } = await health(webhook.id, '?step=1h');
    expect(off.waiting).toStrictEqual({ due: 0, held: 1, nextAttemptAt: null });
    expect(off.totals).toMatchObject({ calls: 5 });
  });

  it('is shown of a whole list of webhooks, for its last day', async () => {
    const webhook = await open();
    const quiet = await open({ location: webhook.location });
    await server.api('PATCH', `/v1/webhooks/${quiet.id}`, { active: false });
    await report(server, 'BookingCreate', { Id: 1 }, `?location=${webhook.location}`);
    const [busy, held] = await eventually(async () => {
      const listed = await items<Listed>(`/v1/webhooks?location=${webhook.location}&with=day`);
      return listed[0]!.day.calls.at(-1) === 1 && listed;
    });
    expect(busy).toMatchObject({ id: webhook.id, waiting: 0, day: { stepMs: 3_600_000 } });
    expect(busy!.day.calls).toHaveLength(24);
    expect(busy!.day.failedCalls.every((count: number) => count === 0)).toBe(true);
    expect(held).toMatchObject({ id: quiet.id, waiting: 1 });
    expect(held!.day.calls.every((count: number) => count === 0)).toBe(true);
  });

  it('is shown of everything, and of a location to whoever sees no more', async () => {
    const location = ++lastLocation;
    status = 500;
    const failing = await open({ location });
    const off = await open({ location, active: false });
    await report(server, 'BookingCreate', { Id: 1 }, `?location=${location}`);
    const bound = await keyOf(location, ['webhooks:read', 'deliveries:read']);
    const own = await eventually(async () => {
      const seen = await overview(bound);
      return seen.minute.calls === 2 && seen;
    });
    status = 200;
    for (const lately of ['minute', 'hour', 'day'] as const)
      expect(own[lately]).toMatchObject({ calls: 2, failedCalls: 2, successShare: 0, p50Ms: null });
    expect(own.minute.events).toBeNull();
    expect(own.webhooks).toStrictEqual({ healthy: 0, failing: 1, open: 0, off: 1, disabled: 0 });
    expect(own.waiting).toMatchObject({ due: 1, held: 1 });
    expect(own.attention).toMatchObject([
      { id: failing.id, state: 'failing', waiting: 1, lastError: 'The receiver answered 500' },
    ]);
    expect(own.attention).not.toContainEqual(expect.objectContaining({ id: off.id }));

    const all = await overview();
    expect(all.hour.calls).toBeGreaterThan(2);
    expect(all.hour.events).toBeGreaterThan(2);
    expect(all.minute.callsPerSecond).toBeGreaterThan(0);
    expect(all.waiting.due).toBeGreaterThanOrEqual(own.waiting.due);
  });

  it('is not shown for steps that are not kept, nor of a webhook out of bounds', async () => {
    const webhook = await open();
    const long = `?from=${Date.now() - 86_400_000}`;
    expect((await health(webhook.id, `${long}&step=1m`)).json).toMatchObject({ field: 'step' });
    expect((await health(webhook.id, '?from=5&to=5')).json).toMatchObject({ field: 'from' });
    expect((await health(webhook.id, '?from=0&step=1h')).json).toMatchObject({ field: 'step' });
    expect((await health(webhook.id, '?from=0')).status).toBe(400);
    const bound = await keyOf(++lastLocation);
    expect((await health(webhook.id, '', bound)).status).toBe(404);
  });
});
