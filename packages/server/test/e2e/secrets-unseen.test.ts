import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openReceiver } from '@posthorn/testkit/receivers';
import { afterEach, expect, it } from 'vitest';
import { createWebhook, report } from '../asking.ts';
import { type ApiAnswer, newDataDir, removeDataDir, startServer } from '../start.ts';

/** A secret as it is, and as somebody may have written it down instead. */
const spellings = (secret: string) => {
  const bytes = Buffer.from(secret.replace(/^whsec_/, ''));
  return [bytes.toString(), bytes.toString('base64').replace(/=*$/, ''), bytes.toString('hex')];
};

const ended: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

it('shows a secret in no answer, no line of its output and no file', async () => {
  const dataDir = newDataDir();
  ended.push(() => removeDataDir(dataDir));
  const receiver = await openReceiver({ answer: ({ path }) => (path === '/bad' ? 500 : 200) });
  ended.unshift(() => receiver.close());
  const server = await startServer({
    dataDir,
    env: { POSTHORN_LOG_LEVEL: 'debug', POSTHORN_RETRY_SCHEDULE: '20ms' },
  });
  ended.unshift(() => server.kill());
  const said: string[] = [];
  const api = async (...request: Parameters<typeof server.api>): Promise<ApiAnswer> => {
    const answer = await server.api(...request);
    said.push(`${answer.text}\n${JSON.stringify([...answer.headers])}`);
    return answer;
  };

  const typed = ['typed-first-Kx81', 'typed-second-Vq47', 'weak-Ze9', 'refused-Yw35'];
  const generated = await server.api('PUT', '/v1/secrets/default', { generate: true });
  const secrets = [...typed, generated.json.secret as string];
  await api('PUT', '/v1/secrets/default', { secret: typed[0] });
  await api('PUT', '/v1/secrets/location:7', { secret: typed[1] });
  await api('PUT', '/v1/secrets/location:8', { secret: typed[2] });
  const refusals = [
    { secret: `${typed[3]}\n` },
    { secret: `whsec_${typed[3]}!` },
    { secret: typed[3], generate: true },
    { secret: typed[3], overlap: 'for ever' },
    { secret: [typed[3]] },
    { generate: typed[3] },
    `{"secret":${typed[3]}`,
    `{"secret":"${typed[3]}`,
  ];
  for (const body of refusals) {
    expect((await api('PUT', '/v1/secrets/default', body)).status).toBe(400);
  }
  expect((await api('PUT', '/v1/secrets/app:99', { secret: typed[3] })).status).toBe(404);
  const stranger = { authorization: 'Bearer nobody' };
  await api('PUT', '/v1/secrets/default', { secret: typed[3] }, stranger);

  // Signed calls that arrive and that fail, in the log as everybody reads it.
  const { json: inbox } = await api('POST', '/v1/inboxes', { secretScope: 'location:7' });
  const urls = [`${receiver.url}/good`, `${receiver.url}/bad`, inbox.url as string];
  const webhooks = [];
  for (const url of urls) webhooks.push(await createWebhook(server, { url, location: 7 }));
  const event = await report(server, 'BookingCreate', { Id: 1 }, '?location=7');
  await receiver.waitFor(3);
  const { json: all } = await api('GET', `/v1/deliveries?webhook=${webhooks[0]!.id}`);
  const { json: openapi } = await api('GET', '/v1/openapi.json');
  const paths = Object.entries(openapi.paths as Record<string, object>).filter(
    // What is heard at /v1/live never ends, and is told elsewhere as well.
    ([path, methods]) => 'get' in methods && path !== '/v1/live',
  );
  expect(paths.length).toBeGreaterThan(10);
  const ids: Record<string, string> = {
    '/v1/secrets': 'default',
    '/v1/events': event,
    '/v1/deliveries': all.items[0].id as string,
    '/v1/webhooks': String(webhooks[0]!.id),
    '/v1/inboxes': inbox.id as string,
  };
  for (const [path] of paths) {
    const id = ids[path.split('/').slice(0, 3).join('/')] ?? '1';
    await api('GET', path.replaceAll(/\{\w+\}/g, encodeURIComponent(id)));
  }
  await api('GET', '/metrics');
  await api('DELETE', '/v1/secrets/location:8');
  await server.stop();

  said.push(server.output());
  const files = readdirSync(dataDir).filter((name) => statSync(join(dataDir, name)).isFile());
  for (const name of files) said.push(readFileSync(join(dataDir, name), 'latin1'));
  // The calls are there, or nothing would have been looked through.
  expect(said.join('\n')).toContain('X-Nexudus-Hook-Signature');
  for (const secret of secrets.flatMap(spellings)) {
    const leak = said.find((text) => text.includes(secret));
    expect(leak, `${secret} was told`).toBeUndefined();
  }
});
