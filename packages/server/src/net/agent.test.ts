import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { createAgent, type ConnectionTimings, type GuardedAgent } from './agent.ts';
import { createGuard } from './guard.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function agentFor(): GuardedAgent {
  const guard = createGuard({ allowNetworks: ['127.0.0.0/8'], allowHttp: true });
  const agent = createAgent({ guard, connectTimeoutMs: 2_000 });
  closers.unshift(() => agent.destroy());
  return agent;
}

/** Sends one POST and tells whether it was the first on its connection. */
function post(agent: GuardedAgent, origin: string): Promise<ConnectionTimings | undefined> {
  return new Promise((resolve, reject) => {
    let fresh: ConnectionTimings | undefined;
    agent.dispatcher.dispatch(
      { origin, path: '/', method: 'POST', body: '{}' },
      {
        onRequestStart: () => void (fresh = agent.takeFreshConnection(origin)),
        onResponseStart: () => undefined,
        onResponseData: () => undefined,
        onResponseEnd: () => resolve(fresh),
        onResponseError: (_controller, error) => reject(error),
      },
    );
  });
}

test('each request on a new connection takes its timings, one on a kept-alive connection none', async () => {
  const origin = await listen(
    createServer((_request, response) => setTimeout(() => response.end('ok'), 20)),
  );
  const agent = agentFor();

  const first = await Promise.all([1, 2, 3, 4, 5].map(() => post(agent, origin)));
  expect(first.every((timings) => timings !== undefined)).toBe(true);
  expect(first.map((timings) => timings?.dnsMs)).toEqual([null, null, null, null, null]);

  // undici gives a connection back one turn of the event loop after its response ended.
  await setImmediate();
  const second = await Promise.all([1, 2, 3, 4, 5, 6, 7].map(() => post(agent, origin)));
  expect(second.filter((timings) => timings !== undefined)).toHaveLength(2);
});
