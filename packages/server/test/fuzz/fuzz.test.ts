import { openPostgres, type PostgresServer } from '@posthorn/testkit/postgres';
import { openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROBLEMS } from '../../src/api/problem.ts';
import { createWebhook, report } from '../asking.ts';
import { eventually } from '../eventually.ts';
import { API_KEY, newDataDir, removeDataDir, type Started, startServer } from '../start.ts';
import { newDatabase } from '../stores.ts';
import { whatIsWrongIn } from './consistency.ts';
import { RECEIVER } from './from-schema.ts';
import { createKnown } from './known.ts';
import { complete, type Description, requestsOf, type Sent } from './requests.ts';
import { type Answer, createSend } from './send.ts';

/** `POSTHORN_TEST_REQUESTS=20000` is the long form. */
const REQUESTS = Number(process.env['POSTHORN_TEST_REQUESTS'] ?? 750);
/** As printed by a run that failed. */
const SEED = process.env['POSTHORN_TEST_SEED'];

/** What no refusal may tell: versions, files, code, statements, keys. */
const LEAKS =
  /fastify|node\.?js|node:|\bat .+:\d+:\d+|\.ts\b|node_modules|undici|sqlite|FST_|HPE_|ERR_|\b(select|insert|update|delete) .*\b(from|into|set)\b|relation "|syntax error|violates|out of range for type/i;

let postgres: PostgresServer;
let receiver: Receiver;
beforeAll(async () => {
  postgres = await openPostgres();
  receiver = await openReceiver({ answer: (_request, n) => (n % 5 === 0 ? 500 : 200) });
});
afterAll(async () => {
  await receiver.close();
  await postgres.stop();
});

const ENGINES = [
  ['SQLite', async () => ({})],
  [
    'PostgreSQL',
    async () => ({
      POSTHORN_DATABASE_URL: await newDatabase(postgres),
      POSTHORN_SECRET_KEY: 'ab'.repeat(32),
    }),
  ],
] as const satisfies [string, () => Promise<Record<string, string>>][];

describe.each(ENGINES)('any request on %s', (_name, environment) => {
  it(
    'is answered as the API promises, and leaves the store whole',
    { timeout: 60_000 + REQUESTS * 60 },
    async () => {
      const dataDir = newDataDir();
      const env: Record<string, string> = {
        ...(await environment()),
        POSTHORN_RETRY_SCHEDULE: '100ms,200ms',
        POSTHORN_SIGN_ASYMMETRIC: 'on',
      };
      const server = await startServer({ dataDir, env });
      await sendAll(server);
      await provesWell(server);
      await server.stop();
      expect(
        await whatIsWrongIn({ dataDir, databaseUrl: env['POSTHORN_DATABASE_URL'] }),
      ).toStrictEqual([]);
      removeDataDir(dataDir);
    },
  );
});

async function sendAll(server: Started): Promise<void> {
  const { json: description } = await server.api('GET', '/v1/openapi.json');
  const known = createKnown();
  const { send, close } = createSend(server.url);
  const statuses = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(requestsOf(description as Description, API_KEY), async (draft) => {
      const sent = withReceiver(complete(draft, known));
      const answer = await send(sent);
      expectPromised(sent, answer, server.output());
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      if (answer.status < 300) known.learn(sent.path, parsed(answer.text));
    }),
    { numRuns: REQUESTS, endOnFailure: true, ...(SEED !== undefined && { seed: Number(SEED) }) },
  );
  close();
  const share = (status: number) => (statuses.get(status) ?? 0) / REQUESTS;
  // It got somewhere: neither is everything refused, nor everything fine.
  expect(
    share(200) + share(201) + share(202) + share(204),
    JSON.stringify([...statuses]),
  ).toBeGreaterThan(0.2);
  for (const status of [400, 401, 403, 404, 415]) expect(share(status)).toBeGreaterThan(0);
}

function withReceiver(sent: Sent): Sent {
  const { body } = sent;
  return typeof body === 'string'
    ? { ...sent, body: body.replaceAll(RECEIVER, `${receiver.url}/`) }
    : sent;
}

function expectPromised(sent: Sent, answer: Answer, output: string): void {
  const { status, headers, text } = answer;
  const said = `${JSON.stringify(sent)}\n${status} ${JSON.stringify(headers)} ${text}\n${output.slice(-2000)}`;
  expect(status, said).toBeLessThan(500);
  expect(headers['x-content-type-options'], said).toBe('nosniff');
  expect(headers, said).not.toHaveProperty('server');
  expect(headers, said).not.toHaveProperty('x-powered-by');
  if (status < 400) return;
  expect(headers['content-type'], said).toMatch(/^application\/problem\+json/);
  if (sent.method === 'HEAD') return;
  const problem = parsed(text) as { code: keyof typeof PROBLEMS; status: number; title: string };
  expect([problem.status, problem.title], said).toStrictEqual(PROBLEMS[problem.code]);
  expect(status, said).toBe(problem.status);
  expect(text, said).not.toMatch(LEAKS);
  expect(text, said).not.toContain(API_KEY);
}

/** It reports, delivers, and shows everything that it has. */
async function provesWell(server: Started): Promise<void> {
  expect(server.output()).not.toContain('our own mistake');
  const path = '/after-it-all';
  const webhook = await createWebhook(server, { url: `${receiver.url}${path}`, location: 777 });
  await report(server, 'BookingCreate', '{"Id":1}', '?location=777');
  await eventually(() => receiver.requests.some((request) => request.path === path));
  expect((await server.api('DELETE', `/v1/webhooks/${webhook.id}`)).status).toBe(204);
  for (const list of [
    'webhooks',
    'apps',
    'keys',
    'locations',
    'events',
    'deliveries',
    'notices',
    'audit',
  ]) {
    await expectReadable(server, `/v1/${list}`);
  }
}

async function expectReadable(server: Started, path: string): Promise<void> {
  for (let query = '?limit=500'; ;) {
    const { status, json, text } = await server.api('GET', path + query);
    expect(status, text).toBe(200);
    if (json.cursor === null) return;
    query = `?limit=500&cursor=${json.cursor as string}`;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
