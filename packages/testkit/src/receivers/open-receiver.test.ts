import { afterEach, expect, it } from 'vitest';
import { openReceiver, type Receiver, type ReceiverInput } from './open-receiver.ts';

let receiver: Receiver | undefined;
afterEach(() => receiver?.close());
const open = async (input: ReceiverInput = {}) => (receiver = await openReceiver(input));

it('keeps what it gets, byte for byte', async () => {
  const { url, requests } = await open();
  const body = Buffer.from([0, 255, 128, 10]);
  const answer = await fetch(`${url}/a?b=c`, { method: 'PUT', body, headers: { 'X-A': 'b' } });
  expect(answer.status).toBe(200);
  expect(requests).toMatchObject([{ method: 'PUT', path: '/a?b=c', connection: 1 }]);
  expect(requests[0]?.headers['x-a']).toBe('b');
  expect(requests[0]?.body).toEqual(body);
});

it('answers what it is told, also later', async () => {
  const { promise, resolve } = Promise.withResolvers<number>();
  const { url, waitFor } = await open({
    answer: (_request, n) =>
      n === 1 ? promise : { status: 418, headers: { 'x-n': String(n) }, body: 'no' },
  });
  const first = fetch(url);
  await waitFor(1);
  const second = await fetch(url);
  expect([second.status, second.headers.get('x-n'), await second.text()]).toEqual([418, '2', 'no']);
  resolve(503);
  expect((await first).status).toBe(503);
});

it('tells which connection a request came on, and can break it', async () => {
  const { url, requests, waitFor } = await open({ answer: () => 'reset' });
  await expect(fetch(url)).rejects.toThrow('fetch failed');
  await expect(fetch(url)).rejects.toThrow('fetch failed');
  await waitFor(2);
  expect(requests.map(({ connection }) => connection)).toEqual([1, 2]);
});

it('says how many requests have come when it waits for more in vain', async () => {
  const { url, waitFor } = await open();
  await fetch(url);
  await expect(waitFor(2, 20)).rejects.toThrow('Got 1 of 2 requests within 20 ms');
});
