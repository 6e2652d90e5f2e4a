import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { eventually } from '../../test/eventually.ts';
import { createEventStream } from './event-stream.ts';

const server = createServer();
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Both ends of an answer over a real connection. */
async function openAnswer(): Promise<{ response: ServerResponse; client: IncomingMessage }> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const asked = once(server, 'request');
  const answered = once(get({ port, host: '127.0.0.1' }), 'response');
  const [, response] = (await asked) as [IncomingMessage, ServerResponse];
  response.writeHead(200);
  response.flushHeaders();
  const [client] = (await answered) as [IncomingMessage];
  return { response, client };
}

it('keeps little for a client that does not read, tells it that it missed something, and goes on', async () => {
  const { response, client } = await openAnswer();
  const stream = createEventStream(response);
  const text = 'x'.repeat(100_000);
  for (let i = 0; i < 200; i++) {
    stream.send('big', { i, text });
    await new Promise(setImmediate);
  }
  expect(response.writableLength).toBeLessThan(500_000);

  let heard = '';
  client.setEncoding('utf8').on('data', (chunk: string) => (heard += chunk));
  await eventually(() => heard.includes('event: missed\ndata: {}\n\n'));
  stream.send('last', { i: 200 });
  await eventually(() => heard.endsWith('event: last\ndata: {"i":200}\n\n'));
  expect(heard.match(/event: missed/g)).toHaveLength(1);
  expect(heard.match(/event: big/g)!.length).toBeLessThan(200);
});
