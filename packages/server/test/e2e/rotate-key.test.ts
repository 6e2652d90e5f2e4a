import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createWebhook, report } from '../asking.ts';
import { isOnSqlite } from '../engine.ts';
import { eventually } from '../eventually.ts';
import { newDataDir, removeDataDir, runToEnd, type Started, startServer } from '../start.ts';

let receiver: Receiver;
let dataDir: string;
beforeAll(async () => void (receiver = await openReceiver()));
afterAll(() => receiver.close());
beforeEach(() => void (dataDir = newDataDir()));
afterEach(() => removeDataDir(dataDir));

const rotateKey = (env: Record<string, string> = {}) =>
  runToEnd({ dataDir, command: ['rotate-key'], env });

/** How many secrets each key seals, in the order of the ring. */
async function counts(env: Record<string, string> = {}): Promise<number[]> {
  const { code, output } = await rotateKey(env);
  expect(code, output).toBe(0);
  return [...output.matchAll(/^[0-9a-f]{12} +(\d+) /gm)].map(([, count]) => Number(count));
}

async function setSecrets(server: Started): Promise<void> {
  await server.api('PUT', '/v1/secrets/location:7', { secret: 'of a location' });
  await server.api('PUT', '/v1/secrets/default', { secret: 'the first of all' });
  await server.api('PUT', '/v1/secrets/default', { secret: 'the second of all' });
  await createWebhook(server, { url: receiver.url });
}

/** Both secrets of the default sign. */
async function expectSigned(server: Started): Promise<void> {
  const before = receiver.requests.length;
  await report(server, 'BookingCreate');
  await receiver.waitFor(before + 1);
  const { headers, body } = receiver.requests[before]!;
  const head = `${headers['webhook-id'] as string}.${headers['webhook-timestamp'] as string}.`;
  const by = (secret: string) =>
    `v1,${createHmac('sha256', secret).update(head).update(body).digest('base64')}`;
  expect(headers['webhook-signature']).toBe(`${by('the second of all')} ${by('the first of all')}`);
}

it('a configured key is changed in steps, and every call is signed', async () => {
  const [old, fresh] = [randomBytes(32).toString('hex'), randomBytes(32).toString('base64')];
  const env = (key: string) => ({ POSTHORN_SECRET_KEY: key });
  const start = async (key: string) => {
    const server = await startServer({
      dataDir,
      env: { ...env(key), POSTHORN_LOG_LEVEL: 'info' },
    });
    return server;
  };
  let server = await start(old);
  await setSecrets(server);
  expect(await counts(env(old))).toStrictEqual([3]);
  expect(await counts(env(`${fresh},${old}`))).toStrictEqual([0, 3]);
  await expectSigned(server);
  await server.stop();

  server = await start(`${fresh},${old}`);
  await expectSigned(server);
  await eventually(() => server.output().includes('no secret is sealed with an old key any more'));
  expect(await counts(env(`${fresh},${old}`))).toStrictEqual([3, 0]);
  await server.stop();

  server = await start(fresh);
  await expectSigned(server);
  await server.stop();
  expect(server.output()).not.toContain('cannot be opened');
  const { output } = await rotateKey(env(old));
  expect(output).toMatch(/ 3 +missing/);
  expect(output + server.output()).not.toContain(old);
  expect(output + server.output()).not.toContain(fresh);
});

it.runIf(isOnSqlite)('the key in the data folder gets a new one before it, once', async () => {
  const file = join(dataDir, 'secret.key');
  const none = await rotateKey();
  expect(none).toMatchObject({ code: 2, output: expect.stringContaining('There is no key') });

  const first = await startServer({ dataDir });
  const [old] = lines(file);
  await setSecrets(first);
  // While it runs.
  expect(await counts()).toStrictEqual([0, 3]);
  const ring = lines(file);
  expect(ring).toStrictEqual([expect.stringMatching(/^[0-9a-f]{64}$/), old]);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(await counts()).toStrictEqual([0, 3]);
  expect(lines(file)).toStrictEqual(ring);
  // Sealed with the old key, as the running service knows no other.
  await first.api('PUT', '/v1/secrets/location:7', { secret: 'of a location', overlap: '0' });
  await first.stop();

  const second = await startServer({ dataDir });
  await eventually(async () => (await counts())[1] === 0);
  const { output } = await rotateKey();
  expect(output).toContain('take the\nold one out');
  expect(output).not.toContain(old);
  await second.stop();

  writeFileSync(file, `${ring[0]!}\n`);
  const third = await startServer({ dataDir });
  await expectSigned(third);
  await third.stop();
});

const lines = (file: string) => readFileSync(file, 'utf8').trim().split('\n');
