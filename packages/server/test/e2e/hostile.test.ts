import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  certificates,
  hostileCases,
  type HostileReceiver,
  openHostile,
  openReceiver,
  type Receiver,
} from '@posthorn/testkit/receivers';
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
import { newDataDir, removeDataDir, type Started, startServer } from '../start.ts';

const TIMEOUT_MS = 2500;

/** Those that one call through the whole service meets; a resolver of a test's own is not there. */
const CASES = hostileCases.filter(({ target, warmUp }) => target.kind !== 'no address' && !warmUp);

const dataDir = newDataDir();
let server: Started;
let healthy: Receiver;
const hostile = new Map<string, HostileReceiver>();
const webhooks = new Map<string, number>();
beforeAll(async () => {
  const caFile = join(dataDir, 'ca.pem');
  writeFileSync(caFile, (await certificates()).ca);
  healthy = await openReceiver();
  server = await startServer({
    dataDir,
    env: {
      NODE_EXTRA_CA_CERTS: caFile,
      POSTHORN_ALLOW_NETWORKS: '127.0.0.0/8,::1/128',
      POSTHORN_RETRY_SCHEDULE: '1h',
      POSTHORN_REQUEST_TIMEOUT: `${TIMEOUT_MS}ms`,
      POSTHORN_CONNECT_TIMEOUT: '700ms',
    },
  });
  await createWebhook(server, { url: healthy.url, actions: ['BookingUpdate'] });
  for (const { name, target } of CASES) {
    const receiver = await openHostile(target);
    hostile.set(name, receiver);
    const { id } = await createWebhook(server, { url: receiver.url, actions: ['BookingCreate'] });
    webhooks.set(name, id);
  }
  // All of them at once, while a healthy receiver gets what is meant for it.
  await report(server, 'BookingCreate');
});
afterAll(async () => {
  await server.stop();
  for (const receiver of hostile.values()) await receiver.close();
  await healthy.close();
  removeDataDir(dataDir);
});

describe('a hostile receiver', () => {
  it('does not hold up a healthy one', async () => {
    const startedAt = Date.now();
    for (let Id = 0; Id < 20; Id++) await report(server, 'BookingUpdate', { Id });
    const [, last] = (await healthy.waitFor(20)).slice(-2);
    // With one pool of ten calls for all, those that hang would take this long before it.
    const behindTheOthers = (CASES.length / 10) * TIMEOUT_MS;
    expect(last!.receivedAt - startedAt).toBeLessThan(behindTheOthers / 2);
  });

  it.each(CASES.map((one) => [one.name, one] as const))(
    'is one attempt of the log: %s',
    async (name, { expect: expected }) => {
      const webhook = webhooks.get(name)!;
      const delivery = await eventually(async () => {
        const [one] = await deliveriesOf(server, webhook);
        return one?.attempts === 1 && one.state !== 'sending' && one;
      });
      const { attemptLog } = await getDelivery(server, delivery.id);
      expect(attemptLog).toHaveLength(1);
      const [attempt] = attemptLog;
      expect(delivery.state).toBe(expected.kind === 'success' ? 'delivered' : delivery.state);
      if (expected.kind === 'failure') {
        expect(['due', 'held']).toContain(delivery.state);
        expect(attempt!.error?.code).toBe(expected.code ?? attempt!.error?.code);
        expect(await getWebhook(server, webhook)).toMatchObject({ errorCount: 1 });
      } else {
        expect(attempt!.error?.code ?? null).toBe(expected.bodyError ? 'body_error' : null);
      }
      expect(attempt!.timings['totalMs']).toBeLessThan(TIMEOUT_MS + 1000);
      if (expected.status === 410) expect(await noticesOf(server, webhook)).toHaveLength(1);
    },
  );

  it('with a certificate out of date is told with its date, also in the layer of Nexudus', async () => {
    const webhook = webhooks.get('an expired certificate')!;
    const { id } = await eventually(async () => {
      const [one] = await deliveriesOf(server, webhook);
      return one?.attempts === 1 && one.state !== 'sending' && one;
    });
    const [attempt] = (await getDelivery(server, id)).attemptLog;
    const { error, timings } = attempt!;
    expect(error).toMatchObject({
      code: 'tls',
      detail: expect.stringMatching(
        /^The certificate of 127\.0\.0\.1 expired on \d+ \w+ \d{4}, \d\d:\d\d UTC$/,
      ),
      help: expect.stringContaining('renew its certificate'),
      certificate: {
        fault: 'expired',
        host: '127.0.0.1',
        authority: null,
        names: ['localhost', '127.0.0.1'],
        nameCount: 2,
        issuer: 'Posthorn test authority',
      },
    });
    const { validFrom, validTo } = error!.certificate!;
    const yesterday = Date.now() - 86_400_000;
    expect(Math.abs(Date.parse(validTo!) - yesterday)).toBeLessThan(3_600_000);
    expect(Date.parse(validFrom!)).toBeLessThan(Date.parse(validTo!));
    expect(timings).toMatchObject({ dnsMs: null, tlsMs: null, firstByteMs: null });
    expect(timings['connectMs']).toBeGreaterThan(0);

    const { json } = await server.api('GET', `/api/sys/webhooks/${webhook}`);
    expect(json).toMatchObject({ LastError: error!.detail });
  });

  it('with a good certificate shows what the handshake took', async () => {
    const [delivery] = await waitForStates(server, webhooks.get('a good certificate')!, [
      'delivered',
    ]);
    const [attempt] = (await getDelivery(server, delivery!.id)).attemptLog;
    expect(attempt!.error).toBeNull();
    expect(attempt!.timings['connectMs']).toBeGreaterThan(0);
    expect(attempt!.timings['tlsMs']).toBeGreaterThan(0);
  });

  it('leaves the service well: everything after it is delivered', async () => {
    const { id } = await createWebhook(server, { url: healthy.url, actions: ['BookingDelete'] });
    await report(server, 'BookingDelete');
    expect(await waitForStates(server, id, ['delivered'])).toHaveLength(1);
  });
});
