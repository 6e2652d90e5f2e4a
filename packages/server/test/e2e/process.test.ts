import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openReceiver } from '@posthorn/testkit/receivers';
import {
  createWebhook,
  deliveriesOf,
  getDelivery,
  getWebhook,
  report,
  waitForStates,
} from '../asking.ts';
import { eventually } from '../eventually.ts';
import { API_KEY, newDataDir, removeDataDir, runToEnd, startServer } from '../start.ts';

let dataDir = '';
beforeAll(() => {
  dataDir = newDataDir();
});
afterAll(() => removeDataDir(dataDir));

const fresh = (name: string) => join(dataDir, name);

describe('a wrong configuration', () => {
  it('is told with all its mistakes at once, and ends with 2', async () => {
    const { code, output } = await runToEnd({
      dataDir,
      env: {
        POSTHORN_PORT: '70000',
        POSTHORN_API_KEY: 'short',
        POSTHORN_SECRET_KEY: 'zz',
        POSTHORN_RETRY_SCHEDULE: '5,10s',
        POSTHORN_DISABLE_AFTER: '-1',
        POSTHORN_REQUEST_TIMEOUT: '15',
        POSTHORN_ALLOW_NETWORKS: 'everything',
        POSTHORN_DATABASE_URL: 'mysql://x',
        POSTHORN_LOG_LEVEL: 'loud',
        POSTHORN_PUBLIC_URL: 'hooks',
      },
      flags: ['--max-record-bytes', '1', '--colour', 'red'],
    });
    expect(code).toBe(2);
    for (const named of [
      'POSTHORN_API_KEY',
      'POSTHORN_SECRET_KEY',
      'POSTHORN_RETRY_SCHEDULE',
      'POSTHORN_DISABLE_AFTER',
      'POSTHORN_REQUEST_TIMEOUT',
      'POSTHORN_ALLOW_NETWORKS',
      'POSTHORN_DATABASE_URL',
      'POSTHORN_LOG_LEVEL',
      'POSTHORN_PUBLIC_URL',
      '--max-record-bytes',
      '--colour',
    ]) {
      expect(output).toMatch(new RegExp(`^\\s+${named} `, 'm'));
    }
    expect(output).not.toContain('listening');
    expect(output).not.toMatch(/\n\s+at /);
  });

  it('never shows the text of a key', async () => {
    const { code, output } = await runToEnd({
      dataDir,
      env: { POSTHORN_API_KEY: 'hunter2 hunter2 hunter2 hunter2', POSTHORN_SECRET_KEY: 'hunter2' },
    });
    expect(code).toBe(2);
    expect(output).not.toContain('hunter2');
  });

  it('ends a port that is taken with a sentence and 1', async () => {
    const taken = await openReceiver();
    const { code, output } = await runToEnd({
      dataDir: fresh('taken'),
      flags: ['--port', String(taken.port)],
    });
    expect(code).toBe(1);
    expect(output).toContain('Posthorn cannot start');
    expect(output).toContain(String(taken.port));
    await taken.close();
  });

  it('ends a data folder that cannot be made with a sentence and 1', async () => {
    const file = fresh('a-file');
    writeFileSync(file, '');
    const { code, output } = await runToEnd({ dataDir: join(file, 'data') });
    expect(code).toBe(1);
    expect(output).toContain('Posthorn cannot start');
  });

  it('ends a store that is no database with a sentence and 1', async () => {
    const dir = newDataDir();
    writeFileSync(join(dir, 'posthorn.db'), 'this is no database. '.repeat(1000));
    const { code, output } = await runToEnd({ dataDir: dir });
    expect(code).toBe(1);
    expect(output).toContain('Posthorn cannot start');
    removeDataDir(dir);
  });
});

describe('a start', () => {
  it('prints what to do next, and the first key once', async () => {
    const dir = fresh('first');
    const first = await startServer({ dataDir: dir, env: { POSTHORN_API_KEY: undefined } });
    const key = /(ph_[0-9a-f]{12}_[0-9a-f]{64})/.exec(first.output())?.[1];
    expect(first.output()).toContain('/v1/webhooks');
    expect(first.output()).toContain('/docs');
    const authorization = `Bearer ${key}`;
    const list = () => first.api('GET', '/v1/webhooks', undefined, { authorization });
    expect((await list()).status).toBe(200);
    await first.stop();
    const second = await startServer({ dataDir: dir, env: { POSTHORN_API_KEY: undefined } });
    expect(second.output()).not.toMatch(/ph_[0-9a-f]{12}_/);
    expect((await second.api('GET', '/v1/webhooks', undefined, { authorization })).status).toBe(
      200,
    );
    await second.stop();
  });

  it('does not print the key that was configured', async () => {
    const server = await startServer({ dataDir: fresh('configured') });
    expect(server.output()).not.toContain(API_KEY);
    await server.stop();
  });

  it('keeps the data folder and the key file to its owner', async () => {
    const dir = fresh('modes');
    const server = await startServer({ dataDir: dir });
    expect(statSync(dir).mode & 0o777).toBe(0o700);
    expect(statSync(join(dir, 'secret.key')).mode & 0o777).toBe(0o600);
    await server.stop();
  });

  it('warns of variables that look like options and are none', async () => {
    const server = await startServer({
      dataDir: fresh('unknown'),
      env: { POSTHORN_RETRY_SHEDULE: '1s' },
    });
    await server.stop();
    expect(server.output()).toContain('POSTHORN_RETRY_SHEDULE');
  });

  it('is refused while another process uses the data folder, which goes on working', async () => {
    const dir = fresh('shared');
    const first = await startServer({ dataDir: dir });
    const { code, output } = await runToEnd({ dataDir: dir });
    expect(code).toBe(1);
    expect(output).toContain('another process uses this data folder');
    await report(first, 'BookingCreate');
    await first.stop();
    const next = await startServer({ dataDir: dir });
    await next.stop();
  });

  it('with another secret key does not sign with what it cannot open', async () => {
    const dir = fresh('rekeyed');
    const keyOf = (digit: string) => ({ POSTHORN_SECRET_KEY: digit.repeat(64) });
    const first = await startServer({ dataDir: dir, env: keyOf('1') });
    await first.api('PUT', '/v1/secrets/default', { secret: 'hunter2' });
    await first.stop();
    expect(readFileSync(join(dir, 'posthorn.db')).includes('hunter2')).toBe(false);
    const second = await startServer({ dataDir: dir, env: keyOf('2') });
    await second.stop();
    expect(second.output()).toContain('cannot be opened with this key');
    const third = await startServer({ dataDir: dir, env: keyOf('1') });
    expect((await third.api('GET', '/v1/secrets/default')).json).toMatchObject({ isSet: true });
    await third.stop();
  });
});

describe('SIGTERM', () => {
  it('lets the calls under way end and be written, and ends with 0', async () => {
    const dir = fresh('drain');
    const { promise, resolve } = Promise.withResolvers<number>();
    const receiver = await openReceiver({ answer: () => promise });
    const first = await startServer({ dataDir: dir });
    const webhook = await createWebhook(first, { url: receiver.url, concurrency: 5 });
    for (let Id = 0; Id < 20; Id++) await report(first, 'BookingCreate', { Id });
    await receiver.waitFor(5);
    const stopped = first.stop();
    // It no longer listens while the calls are under way.
    await eventually(() => isRefused(first.url));
    resolve(200);
    await stopped;
    expect(receiver.requests).toHaveLength(5);

    const second = await startServer({ dataDir: dir });
    await waitForStates(second, webhook.id, ['delivered'], 20);
    const ids = receiver.requests.map(({ headers }) => headers['webhook-id']);
    expect(ids).toHaveLength(20);
    expect(new Set(ids).size).toBe(20);
    await second.stop();
    await receiver.close();
  });

  it('while a receiver hangs ends at the deadline of its call', async () => {
    const receiver = await openReceiver({ answer: () => 'hang' });
    const dir = fresh('hang');
    const first = await startServer({ dataDir: dir, env: { POSTHORN_REQUEST_TIMEOUT: '1s' } });
    const { id } = await createWebhook(first, { url: receiver.url });
    await report(first, 'BookingCreate');
    await receiver.waitFor(1);
    const startedAt = performance.now();
    await first.stop();
    expect(performance.now() - startedAt).toBeLessThan(4000);
    const second = await startServer({ dataDir: dir });
    const [delivery] = await deliveriesOf(second, id);
    expect(delivery).toMatchObject({ state: 'due', attempts: 1 });
    const { attemptLog } = await getDelivery(second, delivery!.id);
    expect(attemptLog).toMatchObject([{ error: { code: 'timeout' } }]);
    await second.stop();
    await receiver.close();
  });

  it('under load keeps everything that was answered 202, and sends it once', async () => {
    const dir = fresh('load');
    const receiver = await openReceiver();
    const first = await startServer({ dataDir: dir });
    const { id } = await createWebhook(first, { url: receiver.url });
    const accepted: string[] = [];
    const refusals: number[] = [];
    const reporters = Array.from({ length: 16 }, async () => {
      for (;;) {
        const answer = await first
          .api('POST', '/v1/events/BookingCreate', { Id: 1 })
          .catch(() => undefined);
        if (answer?.status !== 202) return refusals.push(answer?.status ?? 0);
        accepted.push((answer.json as { events: { id: string }[] }).events[0]!.id);
      }
    });
    await eventually(() => accepted.length > 300);
    await first.stop();
    await Promise.all(reporters);
    // Either nobody listened any more, or it said so.
    for (const status of refusals) expect([0, 503]).toContain(status);

    const second = await startServer({ dataDir: dir });
    await eventually(async () => {
      const due = await deliveriesOf(second, id, '&state=due');
      const sending = await deliveriesOf(second, id, '&state=sending');
      return due.length + sending.length === 0;
    });
    const sent = receiver.requests.map(({ headers }) => headers['posthorn-event']);
    expect(new Set(sent).size).toBe(sent.length);
    const arrived = new Set(sent);
    expect(accepted.filter((event) => !arrived.has(event))).toStrictEqual([]);
    await second.stop();
    await receiver.close();
  });

  it('does not wait for a client that keeps its connection open and says nothing', async () => {
    const server = await startServer({ dataDir: fresh('idle-client') });
    const { port } = new URL(server.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => socket.destroy());
    await once(socket, 'connect');
    const startedAt = performance.now();
    await server.stop();
    expect(performance.now() - startedAt).toBeLessThan(4000);
    socket.destroy();
  });
});

describe('a restart', () => {
  it('keeps webhooks, secrets, apps, keys, events, the log, inboxes and idempotency keys', async () => {
    const dir = fresh('kept');
    const receiver = await openReceiver();
    const first = await startServer({ dataDir: dir });
    const webhook = await createWebhook(first, { url: receiver.url, location: 5 });
    await first.api('PUT', '/v1/secrets/location:5', { secret: 'shared' });
    await first.api('PUT', '/v1/locations/5', { name: 'Old Mill' });
    const { json: app } = await first.api('POST', '/v1/apps', { name: 'Door system' });
    const { json: key } = await first.api('POST', `/v1/apps/${app.id}/keys`);
    const { json: inbox } = await first.api('POST', '/v1/inboxes');
    const once202 = { 'idempotency-key': 'only-once' };
    const path = '/v1/events/BookingCreate?location=5';
    const reported = await first.api('POST', path, { Id: 1 }, once202);
    await waitForStates(first, webhook.id, ['delivered']);
    const paths = [
      `/v1/webhooks/${webhook.id}`,
      `/v1/events/${reported.json.events[0].id}`,
      '/v1/deliveries',
      `/v1/deliveries/${receiver.requests[0]!.headers['webhook-id'] as string}`,
      '/v1/secrets/location:5',
      '/v1/locations',
      `/v1/apps/${app.id}`,
      `/v1/inboxes/${inbox.id}/requests`,
    ];
    const read = (server: typeof first) =>
      Promise.all(paths.map(async (one) => (await server.api('GET', one)).text));
    // `lastTrigger` is written up to a second late; the stop writes it.
    await eventually(async () => (await getWebhook(first, webhook.id)).lastTrigger !== null);
    const before = await read(first);
    await first.stop();

    const second = await startServer({ dataDir: dir });
    expect(await read(second)).toStrictEqual(before);
    const again = await second.api('POST', path, { Id: 1 }, once202);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(again.json).toStrictEqual(reported.json);
    const list = await second.api('GET', '/v1/webhooks', undefined, {
      authorization: `Bearer ${key.key}`,
    });
    expect(list.status).toBe(200);
    await report(second, 'BookingCreate', { Id: 2 }, '?location=5');
    const [, signed] = await receiver.waitFor(2);
    expect(signed!.headers['x-nexudus-hook-signature']).toMatch(/^[0-9A-F]{64}$/);
    await second.stop();
    await receiver.close();
  });

  it('sends re-attempts that became due meanwhile, and holds what is held', async () => {
    const dir = fresh('due');
    let status = 500;
    const receiver = await openReceiver({ answer: () => status });
    const env = { POSTHORN_RETRY_SCHEDULE: '1s,1s' };
    const first = await startServer({ dataDir: dir, env });
    const on = await createWebhook(first, { url: receiver.url });
    const off = await createWebhook(first, { url: receiver.url, active: false });
    await report(first, 'BookingCreate');
    await eventually(async () => (await deliveriesOf(first, on.id))[0]?.attempts === 1);
    await first.stop();
    status = 200;
    const second = await startServer({ dataDir: dir, env });
    const [delivered] = await waitForStates(second, on.id, ['delivered']);
    expect(delivered).toMatchObject({ attempts: 2 });
    expect(await deliveriesOf(second, off.id)).toMatchObject([{ state: 'held', attempts: 0 }]);
    await second.stop();
    await receiver.close();
  });

  it('has the pause that a receiver asked for still in mind', async () => {
    const dir = fresh('paused');
    const receiver = await openReceiver({
      answer: () => ({ status: 429, headers: { 'retry-after': '3600' } }),
    });
    const first = await startServer({ dataDir: dir, env: { POSTHORN_RETRY_SCHEDULE: '20ms' } });
    const { id } = await createWebhook(first, { url: receiver.url });
    await report(first, 'BookingCreate');
    await eventually(async () => (await getWebhook(first, id)).errorCount === 1);
    await first.stop();
    const second = await startServer({ dataDir: dir, env: { POSTHORN_RETRY_SCHEDULE: '20ms' } });
    await report(second, 'BookingCreate');
    await eventually(async () => {
      const deliveries = await deliveriesOf(second, id);
      return deliveries.length === 2 && deliveries.every(({ state }) => state === 'due');
    });
    expect(receiver.requests).toHaveLength(1);
    await second.stop();
    await receiver.close();
  });
});

async function isRefused(url: string): Promise<boolean> {
  try {
    await fetch(`${url}/healthz`);
    return false;
  } catch {
    return true;
  }
}
