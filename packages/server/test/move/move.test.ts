import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openPostgres, type PostgresServer } from '@posthorn/testkit/postgres';
import { type Answer, openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import {
  createWebhook,
  deliveriesOf,
  getDelivery,
  getWebhook,
  noticesOf,
  report,
  waitForStates,
} from '../asking.ts';
import { eventually } from '../eventually.ts';
import { setUp, signIn } from '../people.ts';
import { newDataDir, removeDataDir, startServer, type Started } from '../start.ts';
import { newDatabase } from '../stores.ts';
import { ON_SQLITE, runMove } from './run.ts';
import { dumpPostgres, dumpSqlite } from './stores.ts';

const dataDir = newDataDir();
let postgres: PostgresServer;
let receiver: Receiver;
let isHanging = true;
beforeAll(async () => {
  postgres = await openPostgres();
  receiver = await openReceiver({ answer: ({ path }) => answerAt(path) });
});
afterAll(async () => {
  await receiver.close();
  await postgres.stop();
  removeDataDir(dataDir);
});

/** Not UTF-8: a NUL, half of a surrogate pair, what COPY would have to escape. */
const STRANGE = Buffer.from([0, 0xed, 0xa0, 0x80, 0x5c, 0x4e, 0x09, 0x0a, 0xff]);

function answerAt(path: string): Answer {
  switch (path) {
    case '/failing':
      return { status: 500, headers: { 'x-strange': '\\N\tcafé' }, body: STRANGE };
    case '/gone':
      return 410;
    case '/hanging':
      return isHanging ? 'hang' : 200;
    default:
      return { status: 200, body: 'took it' };
  }
}

const SECRETS = {
  default: 'secret of all',
  'location:5': 'secret of a space',
  app: 'secret of an app',
};
const GRACE = 'grace@example.com';
const ENV = { POSTHORN_RETRY_SCHEDULE: '1h,1h', POSTHORN_RETENTION: '30d' };

/** What the first server leaves behind, and how its API shows it. */
interface Furnished {
  readonly webhooks: Readonly<
    Record<'ok' | 'space' | 'own' | 'failing' | 'off' | 'hanging', number>
  >;
  readonly app: number;
  readonly appKey: string;
  readonly inbox: string;
  readonly once: { readonly key: string; readonly answer: unknown };
}

it('a store that was moved goes on as if it had always been there', async () => {
  const first = await startServer({ dataDir, env: { ...ENV, ...ON_SQLITE } });
  const made = await furnish(first);
  await first.stop();

  // A second life ends by force in the middle of a call: its delivery stays leased.
  const second = await startServer({ dataDir, env: { ...ENV, ...ON_SQLITE } });
  const shown = await readAll(second, made);
  const interrupted = await report(second, 'CoworkerInvoiceCreate');
  await eventually(() => receiver.requests.some(({ path }) => path === '/hanging'));
  await second.kill();
  expect(dumpSqlite(dataDir)['deliveries']!.join()).toContain('"leased"');
  const before = dumpSqlite(dataDir);

  const to = await newDatabase(postgres);
  const moved = await runMove(dataDir, to);
  expect(moved.code, moved.output).toBe(0);
  for (const [table, rows] of Object.entries(before)) {
    if (['counts', 'migrations', 'sessions'].includes(table)) continue;
    expect(moved.output).toMatch(
      new RegExp(`^${table} +${rows.length} +${rows.length} {2}equal$`, 'm'),
    );
  }
  for (const table of ['people', 'person_sessions', 'links', 'guesses'])
    expect(before[table], table).not.toStrictEqual([]);
  const secretKey = readFileSync(join(dataDir, 'secret.key'), 'utf8').trim();
  expect(moved.output).toContain(`the content of ${join(dataDir, 'secret.key')}`);
  expect(moved.output).not.toContain(secretKey);
  expect((await dumpPostgres(to))['sessions']).toStrictEqual([]);

  isHanging = false;
  const node = await startServer({
    env: { ...ENV, POSTHORN_DATABASE_URL: to, POSTHORN_SECRET_KEY: secretKey },
  });
  await waitForStates(node, made.webhooks.hanging, ['delivered']);
  const [taken] = await deliveriesOf(node, made.webhooks.hanging);
  expect(taken).toMatchObject({ event: interrupted, attempts: 1 });
  const shownThere = await readAll(node, made);
  for (const [path, answer] of Object.entries(shown)) {
    expect(shownThere[path], path).toStrictEqual(answer);
  }
  await expectToGoOn(node, made);
  await node.stop();
}, 90_000);

/** Leaves a row of every kind. */
async function furnish(server: Started): Promise<Furnished> {
  const webhook = async (path: string, more: Record<string, unknown> = {}) =>
    (await createWebhook(server, { url: receiver.url + path, actions: ['BookingCreate'], ...more }))
      .id;
  const { json: app } = await server.api('POST', '/v1/apps', { name: 'Door system' });
  const { json: key } = await server.api('POST', `/v1/apps/${app.id}/keys`);
  for (const [scope, secret] of Object.entries(SECRETS)) {
    const name = scope === 'app' ? `app:${app.id}` : scope;
    await server.api('PUT', `/v1/secrets/${name}`, { secret });
  }
  const ada = await setUp(server);
  await server.api('POST', '/v1/me/totp', undefined, ada);
  const invited = { name: 'Grace', email: GRACE, role: 'manager', locations: [5, 6] };
  await server.api('POST', '/v1/people', invited);
  await signIn(server, GRACE);
  await server.api('PUT', '/v1/locations/5', { name: 'Old Mill' });
  const webhooks = {
    ok: await webhook('/ok', { description: '\\N\t"é" \u{1f4ef}' }),
    space: await webhook('/space', { location: 5 }),
    own: (
      await createWebhook(
        server,
        { url: `${receiver.url}/own`, actions: ['BookingCreate'] },
        { authorization: `Bearer ${key.key}` },
      )
    ).id,
    failing: await webhook('/failing', { actions: ['CoworkerUpdate'] }),
    off: await webhook('/off', { active: false }),
    hanging: await webhook('/hanging', { actions: ['CoworkerInvoiceCreate'] }),
  };
  const gone = await webhook('/gone', { actions: ['CoworkerCreate'] });
  const deleted = await webhook('/deleted', { active: false });
  const { json: inbox } = await server.api('POST', '/v1/inboxes');
  await fetch(inbox.url as string, { method: 'POST', body: STRANGE });

  // Delivered, held, cancelled; due in an hour; failed, as a test; switched off, with a notice.
  await report(server, 'BookingCreate', '{"Id":1.50,"Name":"Café ☃ 😀","Name":"twice\\u0000"}');
  await report(server, 'BookingCreate', { Id: 2 }, '?location=5');
  const once = {
    key: 'only-once',
    answer: (await reportOnce(server, 'only-once')).json as unknown,
  };
  await report(server, 'CoworkerUpdate');
  await server.api('POST', `/v1/webhooks/${webhooks.failing}/test`, { action: 'CoworkerUpdate' });
  await report(server, 'CoworkerCreate');
  await server.api('DELETE', `/v1/webhooks/${deleted}`);

  await waitForStates(server, webhooks.ok, ['delivered'], 3);
  await waitForStates(server, webhooks.space, ['delivered'], 1);
  await waitForStates(server, webhooks.own, ['delivered'], 3);
  await waitForStates(server, webhooks.off, ['held'], 3);
  await eventually(async () => {
    const [test, real] = await deliveriesOf(server, webhooks.failing);
    return test!.state === 'failed' && real!.state === 'due' && real!.attempts === 1;
  });
  await eventually(async () => !(await getWebhook(server, gone)).active);
  return { webhooks, app: app.id, appKey: key.key, inbox: inbox.id, once };
}

function reportOnce(server: Started, key: string) {
  return server.api('POST', '/v1/events/BookingCreate', '{"Id":3}', { 'idempotency-key': key });
}

/** What the API shows of all that came to rest, by the path that asks for it. */
async function readAll(
  server: Started,
  { webhooks, app, inbox }: Furnished,
): Promise<Record<string, unknown>> {
  const settled = Object.values(webhooks).filter((id) => id !== webhooks.hanging);
  const deliveries = await Promise.all(settled.map((id) => deliveriesOf(server, id)));
  const events = new Set(deliveries.flat().map(({ event }) => event));
  const paths = [
    '/v1/locations',
    `/v1/apps/${app}`,
    '/v1/secrets/default',
    '/v1/secrets/location:5',
    `/v1/secrets/app:${app}`,
    '/v1/notices?limit=500',
    '/v1/people',
    '/v1/audit?limit=500',
    `/v1/inboxes/${inbox}/requests`,
    ...settled.flatMap((id) => [`/v1/webhooks/${id}`, `/v1/deliveries?limit=500&webhook=${id}`]),
    ...deliveries.flat().map(({ id }) => `/v1/deliveries/${id}`),
    ...[...events].map((id) => `/v1/events/${id}`),
  ];
  const answers = await Promise.all(
    paths.map(async (path) => {
      const { status, text } = await server.api('GET', path);
      expect(status, path).toBe(200);
      return [path, JSON.parse(text, asKept) as unknown] as const;
    }),
  );
  return Object.fromEntries(answers);
}

/** Times of a call are four bytes wide in PostgreSQL; its text has no NUL. */
function asKept(name: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isInteger(value)) return Math.fround(value);
  return name === 'description' ? (value as string).replaceAll('\0', '\uFFFD') : value;
}

async function expectToGoOn(node: Started, made: Furnished): Promise<void> {
  const { webhooks } = made;
  // An old Idempotency-Key, an app's key.
  const repeated = await reportOnce(node, made.once.key);
  expect(repeated.headers.get('idempotency-replayed')).toBe('true');
  expect(repeated.json).toStrictEqual(made.once.answer);
  const { json: own } = await node.api('GET', '/v1/webhooks', undefined, {
    authorization: `Bearer ${made.appKey}`,
  });
  expect(own.items).toMatchObject([{ id: webhooks.own }]);

  // People sign in as before.
  expect((await signIn(node, 'ada@example.com')).status).toBe(200);

  // The same secrets sign.
  const earlier = receiver.requests.length;
  await report(node, 'BookingCreate', { Id: 4 }, '?location=5');
  await eventually(() => receiver.requests.length === earlier + 3);
  const calls = receiver.requests.slice(earlier);
  for (const [path, secret] of [
    ['/ok', SECRETS.default],
    ['/space', SECRETS['location:5']],
    ['/own', SECRETS.app],
  ] as const) {
    const { headers, body } = calls.find((call) => call.path === path)!;
    const signature = createHmac('sha256', secret).update(body).digest('hex').toUpperCase();
    expect(headers['x-nexudus-hook-signature'], path).toBe(signature);
  }

  // What was held is held until a person decides; what is due later is sent again by hand.
  expect(await deliveriesOf(node, webhooks.off, '&state=held')).toHaveLength(4);
  await node.api('PATCH', `/v1/webhooks/${webhooks.off}`, { active: true });
  await waitForStates(node, webhooks.off, ['delivered'], 4);
  const [, real] = await deliveriesOf(node, webhooks.failing);
  await node.api('POST', `/v1/deliveries/${real!.id}/resend`);
  await eventually(async () => (await getDelivery(node, real!.id)).attempts === 2);

  // New numbers and keys are above the old ones; none was given twice.
  const { id } = await createWebhook(node, { url: `${receiver.url}/gone` });
  expect(id).toBeGreaterThan(Math.max(...Object.values(webhooks)));
  const before = (await node.api('GET', '/v1/notices')).json.items as { id: number }[];
  await report(node, 'BookingCreate');
  const [notice] = await eventually(async () => {
    const notices = await noticesOf(node, id);
    return notices.length > 0 && notices;
  });
  expect(notice!.id).toBeGreaterThan(Math.max(...before.map((one) => one.id)));
}
