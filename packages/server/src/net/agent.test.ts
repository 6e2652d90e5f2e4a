import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import {
  createServer,
  type AddressInfo,
  type LookupFunction,
  type Server,
  type Socket,
} from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { certificates } from '@posthorn/testkit/receivers';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  createAgent,
  type AgentOptions,
  type ConnectionTimings,
  type GuardedAgent,
} from './agent.ts';
import { createGuard, type Guard, type GuardOptions } from './guard.ts';
import corpus from './ssrf-corpus.json' with { type: 'json' };

// 127.0.0.1 stands for the public internet and is allowed; 127.0.0.2, where the same listeners
// answer (on Linux), stands for what is private.
const PUBLIC = '127.0.0.1';
const PRIVATE = '127.0.0.2';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

interface Listener {
  readonly port: number;
  /** The addresses at which connections came in. */
  readonly connections: string[];
  readonly open: Set<Socket>;
  bytes: number;
}

async function listen(server: Server): Promise<Listener> {
  const open = new Set<Socket>();
  const listener: Listener = { port: 0, connections: [], open, bytes: 0 };
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    listener.connections.push(socket.localAddress ?? '');
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => (listener.bytes += chunk.length));
  });
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  closers.push(async () => {
    for (const socket of open) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return Object.assign(listener, { port: (server.address() as AddressInfo).port });
}

const listenHttp = (answer: RequestListener): Promise<Listener> => listen(createHttpServer(answer));
/** Accepts and says nothing. */
const listenMute = (): Promise<Listener> => listen(createServer());

interface AgentInput extends Partial<AgentOptions> {
  readonly guardOptions?: Partial<GuardOptions>;
}

function agentWith({ guardOptions, ...options }: AgentInput = {}): GuardedAgent {
  const guard: Guard = createGuard({
    allowNetworks: [`${PUBLIC}/32`],
    allowHttp: true,
    ...guardOptions,
  });
  const agent = createAgent({ guard, connectTimeoutMs: 2_000, ...options });
  closers.push(() => agent.destroy());
  return agent;
}

/** Answers with these lists of addresses in turn, the last one for ever. */
function lookupOf(
  ...answers: (readonly string[])[]
): LookupFunction & { readonly asked: string[] } {
  const asked: string[] = [];
  const lookup: LookupFunction = (hostname, _options, callback) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(hostname);
    callback(
      null,
      answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return Object.assign(lookup, { asked });
}

interface Met {
  readonly status: number;
  readonly fresh: ConnectionTimings | undefined;
}

function post(agent: GuardedAgent, origin: string): Promise<Met> {
  return new Promise((resolve, reject) => {
    let fresh: ConnectionTimings | undefined;
    let status = 0;
    agent.dispatcher.dispatch(
      { origin, path: '/', method: 'POST', body: '{}' },
      {
        onRequestStart: () => void (fresh = agent.takeFreshConnection(origin)),
        onResponseStart: (_controller, code) => void (status = code),
        onResponseData: () => undefined,
        onResponseEnd: () => resolve({ status, fresh }),
        onResponseError: (_controller, error) => reject(error),
      },
    );
  });
}

const answerOk: RequestListener = (_request, response) => response.end('ok');

describe('a connection', () => {
  test('gives its timings to the request that is first written on it, and to no other', async () => {
    const held: (() => void)[] = [];
    const receiver = await listenHttp((_request, response) => held.push(() => response.end()));
    const origin = `http://${PUBLIC}:${receiver.port}`;
    const agent = agentWith();
    let freshCount = 0;
    for (const [width, connections] of [
      [5, 5],
      [3, 5],
      [7, 7],
      [1, 7],
      [9, 9],
    ] as const) {
      const calls = Array.from({ length: width }, () => post(agent, origin));
      await expect.poll(() => held.length).toBe(width);
      for (const answer of held.splice(0)) answer();
      const met = await Promise.all(calls);
      freshCount += met.filter(({ fresh }) => fresh !== undefined).length;
      expect(freshCount).toBe(connections);
      expect(receiver.connections).toHaveLength(connections);
      // undici gives a connection back one turn of the event loop after its response ended.
      await setImmediate();
    }
  });

  test('tells how long DNS took when there was a name, and how long TCP and TLS took', async () => {
    const receiver = await listenHttp(answerOk);
    const agent = agentWith({ lookup: lookupOf([PUBLIC]) });
    const named = await post(agent, `http://hooks.example.com:${receiver.port}`);
    const ms = expect.any(Number);
    expect(named.fresh).toEqual({ dnsMs: ms, connectMs: ms, tlsMs: null });
    const literal = await post(agent, `http://${PUBLIC}:${receiver.port}`);
    expect(literal.fresh).toEqual({ dnsMs: null, connectMs: ms, tlsMs: null });
    expect(agent.takeFreshConnection(`http://${PUBLIC}:${receiver.port}`)).toBeUndefined();

    const { ca, trusted } = await certificates();
    const secure = await listen(createTlsServer(trusted, answerOk));
    const trusting = agentWith({ ca, lookup: lookupOf([PUBLIC]) });
    const overTls = await post(trusting, `https://localhost:${secure.port}`);
    expect(overTls.fresh).toEqual({ dnsMs: ms, connectMs: ms, tlsMs: ms });
    expect(overTls.fresh?.tlsMs).toBeGreaterThan(0);
  });

  test('is resolved and judged anew when the receiver closes it after each answer', async () => {
    const receiver = await listenHttp((_request, response) =>
      response.writeHead(200, { connection: 'close' }).end(),
    );
    const lookup = lookupOf([PUBLIC]);
    const agent = agentWith({ lookup });
    for (let i = 0; i < 3; i++) {
      const { fresh } = await post(agent, `http://hooks.example.com:${receiver.port}`);
      expect(fresh).toBeDefined();
    }
    expect(lookup.asked).toHaveLength(3);
  });

  test('is not used for ever, so that a receiver can move', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    closers.push(async () => vi.useRealTimers());
    const receiver = await listenHttp(answerOk);
    const agent = agentWith();
    const origin = `http://${PUBLIC}:${receiver.port}`;
    const freshAfter = async (ms: number): Promise<boolean> => {
      vi.setSystemTime(Date.now() + ms);
      const { fresh } = await post(agent, origin);
      await setImmediate();
      return fresh !== undefined;
    };
    expect(await freshAfter(0)).toBe(true);
    expect(await freshAfter(60_000)).toBe(false);
    expect(await freshAfter(241_000)).toBe(true);
    await expect.poll(() => receiver.open.size).toBe(1);
  });

  test('to a name that several want at once takes one lookup', async () => {
    const receiver = await listenHttp(answerOk);
    const lookup = lookupOf([PUBLIC]);
    const waiting: (() => void)[] = [];
    const agent = agentWith({
      lookup: (...asked) => waiting.push(() => lookup(...asked)),
    });
    const calls = [1, 2, 3].map(() => post(agent, `http://hooks.example.com:${receiver.port}`));
    await expect.poll(() => waiting.length).toBe(1);
    for (const answer of waiting) answer();
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(lookup.asked).toEqual(['hooks.example.com']);
  });

  test('goes to the next address when the first does not answer', async () => {
    const receiver = await listenHttp(answerOk);
    // Nobody listens on ::1.
    const agent = agentWith({
      lookup: lookupOf(['::1', PUBLIC]),
      guardOptions: { allowNetworks: [`${PUBLIC}/32`, '::1/128'] },
    });
    const { status } = await post(agent, `http://hooks.example.com:${receiver.port}`);
    expect(status).toBe(200);
  });
});

describe('no connection is made', () => {
  const blocked = { name: 'BlockedAddress', code: 'blocked_address' };

  test.each([PRIVATE, `[::ffff:${PRIVATE}]`, '[::ffff:7f00:2]', '0.0.0.0', '[::]', '2130706434'])(
    'to the literal %s',
    async (host) => {
      const receiver = await listenHttp(answerOk);
      const { origin } = new URL(`http://${host}:${receiver.port}`);
      await expect(post(agentWith(), origin)).rejects.toMatchObject(blocked);
      expect(receiver.connections).toEqual([]);
    },
  );

  test.each([
    ['private', [PRIVATE]],
    ['mixed', [PUBLIC, PRIVATE]],
    ['mixed the other way round', [PRIVATE, PUBLIC]],
    ['mapped', [`::ffff:${PRIVATE}`]],
    ['not addresses', ['localhost']],
    ['more than 64', Array.from({ length: 65 }, () => PUBLIC)],
  ])('when the answers are %s', async (_kind, answers) => {
    const receiver = await listenHttp(answerOk);
    const agent = agentWith({ lookup: lookupOf(answers) });
    const call = post(agent, `http://hooks.example.com:${receiver.port}`);
    await expect(call).rejects.toMatchObject(blocked);
    expect(receiver.connections).toEqual([]);
  });

  test('to the second answer of a name that is bound anew', async () => {
    const receiver = await listenHttp((_request, response) =>
      response.writeHead(200, { connection: 'close' }).end(),
    );
    const agent = agentWith({ lookup: lookupOf([PUBLIC], [PRIVATE]) });
    const origin = `http://rebind.example.com:${receiver.port}`;
    expect(await post(agent, origin)).toMatchObject({ status: 200 });
    await expect(post(agent, origin)).rejects.toMatchObject(blocked);
    expect(receiver.connections).toEqual([PUBLIC]);
  });

  test('to a local name or a port of another protocol, even if nobody judged the URL', async () => {
    const lookup = lookupOf(['93.184.215.14']);
    const agent = agentWith({ lookup, guardOptions: { allowNetworks: [] } });
    await expect(post(agent, 'http://intranet:8080')).rejects.toMatchObject(blocked);
    await expect(post(agent, 'http://hooks.example.com:6379')).rejects.toMatchObject(blocked);
  });

  test('to where a redirect points', async () => {
    const elsewhere = await listenHttp(answerOk);
    const locations = corpus.flatMap(({ responds_with }) =>
      responds_with === undefined ? [] : [responds_with.location],
    );
    locations.push(`http://${PUBLIC}:${elsewhere.port}/`, `//${PUBLIC}:${elsewhere.port}/`);
    let location = '';
    const receiver = await listenHttp((_request, response) =>
      response.writeHead(302, { location }).end(),
    );
    const lookup = lookupOf([PUBLIC]);
    const agent = agentWith({ lookup });
    for (location of locations) {
      const { status } = await post(agent, `http://hooks.example.com:${receiver.port}`);
      expect(status).toBe(302);
    }
    expect(elsewhere.connections).toEqual([]);
    expect(new Set(lookup.asked)).toEqual(new Set(['hooks.example.com']));
  });

  test.each(['http', 'https'])(
    'that sends a byte over %s when the peer is not what was judged',
    async (scheme) => {
      const receiver = await listenMute();
      const guard = createGuard({ allowNetworks: [`${PUBLIC}/32`], allowHttp: true });
      const refusal = guard.judgeAddress(PRIVATE);
      const agent = agentWith({
        guard: { ...guard, judgePeer: () => refusal },
        lookup: lookupOf([PUBLIC]),
      });
      const origin = `${scheme}://hooks.example.com:${receiver.port}`;
      await expect(post(agent, origin)).rejects.toMatchObject(blocked);
      await expect.poll(() => receiver.open.size).toBe(0);
      expect(receiver.connections).toEqual([PUBLIC]);
      expect(receiver.bytes).toBe(0);
    },
  );

  test('to anything of this process but its inbox', async () => {
    const receiver = await listenHttp(answerOk);
    const guard = createGuard({ allowNetworks: [], allowHttp: true });
    const agent = agentWith({ guard, lookup: lookupOf([PUBLIC]) });
    const inbox = `http://${PUBLIC}:${receiver.port}`;
    await expect(post(agent, inbox)).rejects.toMatchObject(blocked);
    guard.setOwnInbox({ host: PUBLIC, port: receiver.port, pathPrefix: '/inbox/' });
    expect(await post(agent, inbox)).toMatchObject({ status: 200 });
    const otherName = post(agent, `http://hooks.example.com:${receiver.port}`);
    await expect(otherName).rejects.toMatchObject(blocked);
    expect(receiver.connections).toHaveLength(1);
  });
});

describe('a connection that fails', () => {
  test('for its name says so with the code of the resolver', async () => {
    const failing: LookupFunction = (_hostname, _options, callback) =>
      callback(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }), '');
    const call = post(agentWith({ lookup: failing }), 'http://hooks.example.com');
    await expect(call).rejects.toMatchObject({ name: 'DnsFailure', code: 'ENOTFOUND' });
    const empty = post(agentWith({ lookup: lookupOf([]) }), 'http://hooks.example.com');
    await expect(empty).rejects.toMatchObject({ name: 'DnsFailure', code: 'ENODATA' });
  });

  test('for a slow resolver ends in time, and asks it only once', async () => {
    const asked: string[] = [];
    const agent = agentWith({ lookup: (hostname) => asked.push(hostname), connectTimeoutMs: 50 });
    for (let i = 0; i < 3; i++) {
      const call = post(agent, 'http://hooks.example.com');
      await expect(call).rejects.toMatchObject({ name: 'DnsFailure', code: 'dns_timeout' });
    }
    expect(asked).toEqual(['hooks.example.com']);
  });

  test('because nobody listens has the code of the system', async () => {
    const gone = await listenMute();
    await closers.pop()?.();
    const call = post(agentWith(), `http://${PUBLIC}:${gone.port}`);
    await expect(call).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    const lookup = lookupOf(['::1', PUBLIC]);
    const both = agentWith({ lookup, guardOptions: { allowNetworks: ['127.0.0.0/8', '::1'] } });
    const named = post(both, `http://hooks.example.com:${gone.port}`);
    await expect(named).rejects.toMatchObject({ code: expect.stringMatching(/^E[A-Z]+$/) });
  });

  test('because the handshake stalls ends in time', async () => {
    const mute = await listenMute();
    const agent = agentWith({ connectTimeoutMs: 50 });
    const call = post(agent, `https://${PUBLIC}:${mute.port}`);
    await expect(call).rejects.toMatchObject({ code: 'UND_ERR_CONNECT_TIMEOUT' });
  });

  test('for its certificate has the code of TLS', async () => {
    const { ca, trusted, wrongName, selfSigned } = await certificates();
    const good = await listen(createTlsServer(trusted, answerOk));
    const wrong = await listen(createTlsServer(wrongName, answerOk));
    const own = await listen(createTlsServer(selfSigned, answerOk));
    const plain = await listenHttp(answerOk);
    const agent = agentWith({ ca, lookup: lookupOf([PUBLIC]) });
    expect(await post(agent, `https://localhost:${good.port}`)).toMatchObject({ status: 200 });
    expect(await post(agent, `https://localhost.:${good.port}`)).toMatchObject({ status: 200 });
    await expect(post(agent, `https://localhost:${wrong.port}`)).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    await expect(post(agent, `https://localhost:${own.port}`)).rejects.toMatchObject({
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    await expect(post(agent, `https://localhost:${plain.port}`)).rejects.toMatchObject({
      code: expect.stringMatching(/^(ERR_SSL_|EPROTO)/),
    });
  });

  test('because the agent is destroyed lets go of its socket', async () => {
    const mute = await listenMute();
    const agent = agentWith({ connectTimeoutMs: 60_000 });
    const call = post(agent, `https://${PUBLIC}:${mute.port}`);
    await expect.poll(() => mute.connections).toHaveLength(1);
    await agent.destroy();
    await expect(call).rejects.toMatchObject({ code: 'UND_ERR_DESTROYED' });
    await expect.poll(() => mute.open.size).toBe(0);
  });
});
