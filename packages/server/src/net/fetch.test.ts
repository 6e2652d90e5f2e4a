import { openReceiver, type Receiver, type ReceiverInput } from '@posthorn/testkit/receivers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createAgent, type GuardedAgent } from './agent.ts';
import { createGuardedFetch, type GuardedFetch } from './fetch.ts';
import { createGuard } from './guard.ts';

const GET = { method: 'GET', headers: {} };

let agent: GuardedAgent;
let fetch: GuardedFetch;
let receiver: Receiver;
beforeEach(() => {
  const guard = createGuard({ allowNetworks: ['127.0.0.1/32'], allowHttp: true });
  agent = createAgent({ guard, connectTimeoutMs: 5000 });
  fetch = createGuardedFetch({ agent, guard, timeoutMs: 2000, maxBytes: 1000 });
});
afterEach(async () => {
  await agent.destroy();
  await receiver.close();
});
const open = async (answer: ReceiverInput['answer'] = () => 200) =>
  (receiver = await openReceiver({ answer }));

it('sends what it is given, and brings the answer', async () => {
  const { url, requests } = await open(() => ({
    status: 201,
    headers: { 'x-a': 'b' },
    body: '{"a":1}',
  }));
  const headers = { 'content-type': 'text/x', authorization: 'Basic x' };
  const answer = await fetch(`${url}/a?b=c`, { method: 'POST', headers, body: 'hello' });
  expect([answer.status, answer.headers.get('x-a'), await answer.json()]).toEqual([
    201,
    'b',
    { a: 1 },
  ]);
  expect(requests).toMatchObject([{ method: 'POST', path: '/a?b=c', headers }]);
  expect(requests[0]?.body.toString()).toBe('hello');
});

it('brings an answer without a body', async () => {
  const { url } = await open(() => 204);
  const answer = await fetch(url, GET);
  expect([answer.status, await answer.text()]).toEqual([204, '']);
});

it('goes nowhere that is not allowed, and follows no redirect there', async () => {
  const { url, requests } = await open(() => ({
    status: 302,
    headers: { location: 'http://127.0.0.2/' },
    body: '',
  }));
  const elsewhere = url.replace('127.0.0.1', '127.0.0.2');
  await expect(fetch(elsewhere, GET)).rejects.toMatchObject({ code: 'blocked_address' });
  await expect(fetch('ftp://127.0.0.1/', GET)).rejects.toMatchObject({ code: 'blocked_address' });
  expect((await fetch(url, GET)).status).toBe(302);
  expect(requests).toHaveLength(1);
});

it('reads no more than is allowed', async () => {
  const { url } = await open((_request, n) => ({
    status: 200,
    headers: {},
    body: 'x'.repeat(n === 1 ? 1000 : 1001),
  }));
  expect(await (await fetch(url, GET)).text()).toHaveLength(1000);
  await expect(fetch(url, GET)).rejects.toThrow('more than 1000 bytes');
});

it('waits no longer than it is told', async () => {
  const { promise } = Promise.withResolvers<number>();
  const { url } = await open(() => promise);
  await expect(fetch(url, GET)).rejects.toMatchObject({ name: 'TimeoutError' });
});
