import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, afterEach, expect, it } from 'vitest';
import { openProxy, type Proxy } from './proxy.ts';

/** Answers every text with its own name before it. */
function openEcho(name: string) {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      heard.push(chunk.toString());
      socket.write(`${name}:${chunk.toString()}`);
    });
  }).listen(0, '127.0.0.1');
  const close = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { server, heard, close };
}

const left = openEcho('left');
const right = openEcho('right');
const portOf = ({ server }: typeof left) => (server.address() as AddressInfo).port;
let proxy: Proxy;
beforeAll(async () => {
  for (const { server } of [left, right]) if (!server.listening) await once(server, 'listening');
});
afterAll(() => {
  left.close();
  right.close();
});
beforeEach(async () => void (proxy = await openProxy({ to: portOf(left) })));
afterEach(() => proxy.close());

async function open() {
  const socket = connect(proxy.port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => (text += chunk.toString()));
  socket.on('error', () => {});
  await once(socket, 'connect');
  return { socket, said: () => text };
}

it('passes on, and elsewhere after a switch, which ends what was open', async () => {
  const one = await open();
  one.socket.write('a');
  await expect.poll(one.said).toBe('left:a');
  proxy.switchTo(portOf(right));
  await once(one.socket, 'close');
  const two = await open();
  two.socket.write('b');
  await expect.poll(two.said).toBe('right:b');
});

it('refuses, and takes connections again on the same port', async () => {
  await proxy.refuse();
  await expect(open()).rejects.toThrow('ECONNREFUSED');
  await proxy.resume();
  const { socket, said } = await open();
  socket.write('a');
  await expect.poll(said).toBe('left:a');
});

it('stalls both ways, or only the answers, and loses nothing of what was said meanwhile', async () => {
  const { socket, said } = await open();
  socket.write('a');
  await expect.poll(said).toBe('left:a');
  proxy.stall();
  socket.write('b');
  const late = await open();
  late.socket.write('c');
  await expect.poll(() => proxy.connections).toBe(2);
  expect(left.heard.at(-1)).toBe('a');
  await proxy.resume();
  await expect.poll(said).toBe('left:aleft:b');
  await expect.poll(late.said).toBe('left:c');

  proxy.stallAnswers();
  socket.write('d');
  await expect.poll(() => left.heard.at(-1)).toBe('d');
  expect(said()).toBe('left:aleft:b');
  await proxy.resume();
  await expect.poll(said).toBe('left:aleft:bleft:d');
});
