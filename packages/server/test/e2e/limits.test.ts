import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../eventually.ts';
import { browserOf, setUp, signIn } from '../people.ts';
import { rawRequest } from '../raw-request.ts';
import { API_KEY, type Started, startServer } from '../start.ts';

let server: Started;
afterEach(() => server.stop());

const EVENT = '/v1/events/TariffCreate';

describe('a caller', () => {
  it('that makes more requests than it may gets 429, until the second is over', async () => {
    server = await startServer({ env: { POSTHORN_KEY_REQUESTS: '10' } });
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => server.api('POST', EVENT, '{}')),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(answers.filter(({ status }) => status === 202).length).toBeGreaterThanOrEqual(10);
    for (const answer of refused) {
      expect(answer.json).toMatchObject({ code: 'too_many_requests' });
      expect(answer.headers.get('retry-after')).toBe('1');
    }
    await eventually(async () => (await server.api('POST', EVENT, '{}')).status === 202);
  });

  it('is a person as well, in all their sessions together', async () => {
    server = await startServer({ env: { POSTHORN_KEY_REQUESTS: '10' } });
    const sessions = [await setUp(server), browserOf(await signIn(server, 'ada@example.com'))];
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        server.api('GET', '/v1/webhooks', undefined, sessions[i % 2]),
      ),
    );
    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].toSorted((a, b) => a - b)).toStrictEqual([200, 429]);
    expect((await server.api('GET', '/v1/webhooks')).status).toBe(200);
  });

  it('that makes too many leaves others alone, and those who have none', async () => {
    server = await startServer({ env: { POSTHORN_KEY_REQUESTS: '10' } });
    const { json: app } = await server.api('POST', '/v1/apps', { name: 'n' });
    const { json: made } = await server.api('POST', `/v1/apps/${app.id}/keys`, {});
    const flood = Array.from({ length: 60 }, () => server.api('GET', '/v1/webhooks'));
    const other = { authorization: `Bearer ${made.key}` };
    expect((await server.api('GET', '/v1/webhooks', undefined, other)).status).toBe(200);
    for (let i = 0; i < 20; i++) {
      const open = await server.api('GET', '/healthz', undefined, { authorization: '' });
      expect(open.status).toBe(200);
    }
    const statuses = (await Promise.all(flood)).map(({ status }) => status);
    expect(statuses).toContain(429);
  });
});

describe('wrong keys', () => {
  const guess = async (from: string) => {
    const headers = { authorization: 'Bearer wrong', 'x-forwarded-for': from };
    return (await server.api('GET', '/v1/events', undefined, headers)).status;
  };
  const guesses = async (from: string, count: number) => {
    const statuses: number[] = [];
    for (let i = 0; i < count; i++) statuses.push(await guess(from));
    return statuses;
  };

  it('are counted by the address that a trusted proxy names', async () => {
    const env = { POSTHORN_WRONG_KEYS: '3', POSTHORN_TRUST_PROXY: '127.0.0.0/8' };
    server = await startServer({ env });
    expect(await guesses('93.184.215.14', 5)).toStrictEqual([401, 401, 401, 429, 429]);
    expect(await guesses('93.184.215.15', 1)).toStrictEqual([401]);
    // What a client wrote itself stands before what the proxy added.
    expect(await guesses('8.8.8.8, 93.184.215.14', 1)).toStrictEqual([429]);
    // Whoever has an address in IPv6 has 2^64 of them.
    expect(await guesses('2606:2800:220:1::1', 3)).toStrictEqual([401, 401, 401]);
    expect(await guesses('2606:2800:220:1:ffff::2', 1)).toStrictEqual([429]);
    expect(await guesses('2606:2800:220:2::1', 1)).toStrictEqual([401]);
  });

  it('are counted for the proxy, if it is not trusted', async () => {
    server = await startServer({ env: { POSTHORN_WRONG_KEYS: '2' } });
    expect(await guesses('93.184.215.14', 2)).toStrictEqual([401, 401]);
    expect(await guesses('93.184.215.15', 1)).toStrictEqual([429]);
  });
});

describe('guesses that come without waiting for answers', () => {
  it('cost their connection, and leave the next one alone', async () => {
    server = await startServer({ env: { POSTHORN_WRONG_KEYS: '1' } });
    const guess = 'GET /v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer wrong\r\n\r\n';
    const first = { authorization: 'Bearer wrong' };
    expect((await server.api('GET', '/v1/events', undefined, first)).status).toBe(401);
    const { text } = await rawRequest(server.url, guess.repeat(50));
    expect(text.match(/HTTP\/1\.1 429/g)?.length ?? 0).toBeLessThan(50);
    expect((await server.api('GET', '/v1/events')).status).toBe(200);
  });
});

describe('connections', () => {
  const open: Socket[] = [];
  afterEach(() => {
    for (const socket of open.splice(0)) socket.destroy();
  });
  /** Opens connections one after the other; resolves with those that the server leaves open. */
  const openMany = async (count: number) => {
    const { hostname, port } = new URL(server.url);
    const ended = new Set<Socket>();
    const opened: Socket[] = [];
    for (let i = 0; i < count; i++) {
      const socket = connect(Number(port), hostname);
      socket.on('error', () => {}).once('close', () => ended.add(socket));
      opened.push(socket);
      open.push(socket);
      await once(socket, 'connect');
    }
    return { opened, ended };
  };

  it('of one address are as many as allowed, and one that ends makes room', async () => {
    const env = { POSTHORN_ADDRESS_SOCKETS: '5', POSTHORN_KEY_REQUESTS: '0' };
    server = await startServer({ env });
    const { opened, ended } = await openMany(8);
    await eventually(() => ended.size === 3);
    expect(opened.slice(0, 5).some((socket) => ended.has(socket))).toBe(false);
    await expect(server.api('GET', '/healthz')).rejects.toThrow('fetch failed');
    opened[0]!.destroy();
    await eventually(async () => (await server.api('GET', '/healthz')).status === 200);
  });

  it('of a proxy of ours may be more, and all together have a limit', async () => {
    const env = {
      POSTHORN_ADDRESS_SOCKETS: '2',
      POSTHORN_SOCKETS: '6',
      POSTHORN_TRUST_PROXY: '127.0.0.0/8',
    };
    server = await startServer({ env });
    const { opened, ended } = await openMany(9);
    await eventually(() => ended.size === 3);
    expect(opened.slice(0, 6).some((socket) => ended.has(socket))).toBe(false);
  });
});

describe('a client that is slow', () => {
  it('with its headers is sent away', { timeout: 40_000 }, async () => {
    server = await startServer();
    const answer = await rawRequest(server.url, `POST ${EVENT} HTTP/1.1\r\nhost: x\r\nx: `);
    expect(answer.status).toBe(408);
    expect(answer.text).toContain('"code":"request_timeout"');
  });

  it('with its body is sent away', { timeout: 60_000 }, async () => {
    server = await startServer();
    const answer = await rawRequest(
      server.url,
      `POST ${EVENT} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${API_KEY}\r\n` +
        'content-type: application/json\r\ncontent-length: 100\r\n\r\n{"Id"',
    );
    expect(answer.status).toBe(408);
    expect((await server.api('GET', '/v1/events')).json.items).toStrictEqual([]);
  });
});
