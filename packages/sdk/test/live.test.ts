import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createClient, type LiveMessage } from '../src/index.ts';

/** Longer than a service that lives says nothing. */
const LONG_MS = 60_000;

const server = createServer();
let messages: AsyncIterator<LiveMessage>;
let answer: ServerResponse;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const live = createClient({ url: `http://127.0.0.1:${port}` }).live();
  messages = live[Symbol.asyncIterator]();
  const asked = once(server, 'request');
  const first = messages.next();
  [, answer] = (await asked) as [unknown, ServerResponse];
  say(1);
  await first;
});
afterEach(async () => {
  vi.useRealTimers();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

function say(number: number): void {
  answer.write(`event: request\ndata: {"inbox":"i","number":${number}}\n\n`);
}

test('a reader may take longer for a message than the service may be silent', async () => {
  vi.advanceTimersByTime(LONG_MS);
  say(2);
  expect(await messages.next()).toMatchObject({ value: { data: { number: 2 } } });
  vi.advanceTimersByTime(LONG_MS);
  answer.end();
  expect(await messages.next()).toStrictEqual({ done: true, value: undefined });
});

test('a service that is silent while it is listened to is unreachable', async () => {
  const next = messages.next();
  vi.advanceTimersByTime(LONG_MS);
  await expect(next).rejects.toMatchObject({
    code: 'unreachable',
    message: expect.stringContaining('silent for 40000 ms'),
  });
});
