import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openReceiver } from '@posthorn/testkit/receivers';
import { createWebhook, deliveriesOf, getDelivery, report, waitForStates } from '../asking.ts';
import { eventually } from '../eventually.ts';
import { newDataDir, removeDataDir, startServer } from '../start.ts';

const dataDir = newDataDir();
afterAll(() => removeDataDir(dataDir));

const fresh = (name: string) => join(dataDir, name);

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

async function isRefused(url: string): Promise<boolean> {
  try {
    await fetch(`${url}/healthz`);
    return false;
  } catch {
    return true;
  }
}
