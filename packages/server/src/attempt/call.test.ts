import { createHmac } from 'node:crypto';
import type { LookupFunction } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { certificates, openReceiver, type ReceiverInput } from '@posthorn/testkit/receivers';
import { verifiers } from '@posthorn/testkit/verifiers';
import { createAgent } from '../net/agent.ts';
import { createGuard } from '../net/guard.ts';
import { composeBody } from './body.ts';
import { createCaller, type CallInput } from './call.ts';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function receiver(input: ReceiverInput = {}) {
  const opened = await openReceiver(input);
  closers.push(() => opened.close());
  return opened;
}

interface SetUp {
  readonly requestTimeoutMs?: number;
  readonly connectTimeoutMs?: number;
  readonly lookup?: LookupFunction;
  readonly allowNetworks?: readonly string[];
  readonly ca?: string;
}

function setUp(options: SetUp = {}) {
  const guard = createGuard({
    allowNetworks: options.allowNetworks ?? ['127.0.0.0/8'],
    allowHttp: true,
  });
  const agent = createAgent({
    guard,
    connectTimeoutMs: options.connectTimeoutMs ?? 2_000,
    ...(options.lookup ? { lookup: options.lookup } : {}),
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  });
  closers.unshift(() => agent.destroy());
  const { call } = createCaller({
    agent,
    guard,
    requestTimeoutMs: options.requestTimeoutMs ?? 5_000,
    clock: Date,
    version: '1.2.3',
  });
  return { agent, call, guard };
}

const callOf = (url: string, more: Partial<CallInput> = {}): CallInput => ({
  url,
  body: composeBody(Buffer.from('{"Id":12345678901234567890,"Name":"José"}')),
  deliveryId: 'dlv_17',
  eventId: 'evt_4',
  action: 'BookingCreate',
  attemptNumber: 3,
  secrets: [],
  ...more,
});

describe('the call', () => {
  it('is the request that the contract promises, and the report shows it', async () => {
    const { url, requests } = await receiver({
      answer: () => ({ status: 202, headers: { 'X-Trace': 'abc' }, body: 'thanks' }),
    });
    const { call } = setUp();
    const before = Date.now();
    const report = await call(callOf(`${url}/hook/me?code=a%20b`, { secrets: ['secret'] }));

    const [request] = requests;
    expect(request?.method).toBe('POST');
    expect(request?.path).toBe('/hook/me?code=a%20b');
    expect(request?.body.toString()).toBe('[{"Id":12345678901234567890,"Name":"Jos\\u00e9"}]');
    const names = request?.rawHeaders.filter((_text, index) => index % 2 === 0);
    expect(names).toEqual([
      'host',
      'connection',
      'content-type',
      'user-agent',
      'accept-encoding',
      'webhook-id',
      'webhook-timestamp',
      'posthorn-action',
      'posthorn-event',
      'posthorn-attempt',
      'X-Nexudus-Hook-Signature',
      'webhook-signature',
      'content-length',
    ]);
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'Posthorn/1.2.3',
      'accept-encoding': 'identity',
      'webhook-id': 'dlv_17',
      'posthorn-action': 'BookingCreate',
      'posthorn-event': 'evt_4',
      'posthorn-attempt': '3',
    });
    expect(report.requestHeaders).toEqual(request?.rawHeaders.slice(4, -2));

    expect(report.startedAt).toBeGreaterThanOrEqual(before);
    expect(Number(request?.headers['webhook-timestamp'])).toBe(Math.floor(report.startedAt / 1000));
    expect(report.outcome).toEqual({ kind: 'success', status: 202, bodyError: null });
    expect(report.response?.status).toBe(202);
    expect(report.response?.headers).toEqual(expect.arrayContaining(['x-trace', 'abc']));
    expect(Buffer.from(report.response?.body ?? []).toString()).toBe('thanks');
    expect(report.response?.body.buffer.byteLength).toBe(6);
    expect(report.response?.bodyTruncated).toBe(false);
  });

  it('carries signatures that both libraries and the Nexudus recipe accept', async () => {
    const { url, requests } = await receiver();
    const { call } = setUp();
    const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'the older secret'];
    await call(callOf(url, { secrets }));

    const [request] = requests;
    const { body, headers } = request!;
    for (const { verify } of verifiers) {
      for (const secret of secrets) {
        expect(() => verify(secret, headers as Record<string, string>, body)).not.toThrow();
      }
    }
    expect(headers['x-nexudus-hook-signature']).toBe(
      createHmac('sha256', secrets[0]!).update(body).digest('hex').toUpperCase(),
    );
  });

  it('has no signature headers without a secret', async () => {
    const { url, requests } = await receiver();
    const { call } = setUp();
    await call(callOf(url));
    const names = Object.keys(requests[0]?.headers ?? {});
    expect(names).toContain('webhook-id');
    expect(names).toContain('webhook-timestamp');
    expect(names.filter((name) => name.includes('signature'))).toEqual([]);
  });

  it('is marked when it is a test', async () => {
    const { url, requests } = await receiver();
    const { call } = setUp();
    await call(callOf(url, { test: true }));
    await call(callOf(url, { test: false }));
    expect(requests.map(({ headers }) => headers['posthorn-test'])).toEqual(['true', undefined]);
  });

  it('goes over TLS', async () => {
    const { trusted, ca } = await certificates();
    const { url } = await receiver({ tls: trusted });
    const { call } = setUp({ ca });
    const first = await call(callOf(url));
    expect(first.outcome).toMatchObject({ kind: 'success', status: 200 });
    expect(first.timings.tlsMs).toBeGreaterThan(0);
    await new Promise(setImmediate);
    const { timings } = await call(callOf(url));
    expect(timings).toMatchObject({ dnsMs: null, connectMs: null, tlsMs: null });
  });
});

describe('the timings', () => {
  it('tell what the connection took, and nothing of it when it is kept alive', async () => {
    const { url, connections } = await receiver();
    const lookup: LookupFunction = (_name, _options, callback) =>
      callback(null, [{ address: '127.0.0.1', family: 4 }]);
    const { call } = setUp({ lookup });
    const named = url.replace('127.0.0.1', 'receiver.example');

    const first = (await call(callOf(named))).timings;
    await new Promise(setImmediate);
    const second = (await call(callOf(named))).timings;

    expect(first.dnsMs).toBeGreaterThanOrEqual(0);
    expect(first.connectMs).toBeGreaterThan(0);
    expect(first.firstByteMs).toBeGreaterThan(first.connectMs ?? 0);
    expect(first.totalMs).toBeGreaterThanOrEqual(first.firstByteMs ?? 0);
    expect(second).toMatchObject({ dnsMs: null, connectMs: null, tlsMs: null });
    expect(connections).toBeLessThanOrEqual(1);
  });

  it('tell what was got over before a handshake failed', async () => {
    const { selfSigned } = await certificates();
    const { url } = await receiver({ tls: selfSigned });
    const { call } = setUp();
    const { outcome, timings } = await call(callOf(url));
    expect(outcome).toMatchObject({ code: 'tls', certificate: { fault: 'self_signed' } });
    expect(timings).toMatchObject({ dnsMs: null, tlsMs: null, firstByteMs: null });
    expect(timings.connectMs).toBeGreaterThan(0);
    expect(timings.totalMs).toBeGreaterThan(timings.connectMs ?? Infinity);
  });
});

describe('a kept-alive connection that the receiver has given up', () => {
  it('costs nothing, although all other kept-alive connections are given up as well', async () => {
    const { promise: allHere, resolve: letGo } = Promise.withResolvers<200>();
    const seen = new Map<number, number>();
    const opened = await receiver({
      answer: ({ connection }, n) => {
        seen.set(connection, (seen.get(connection) ?? 0) + 1);
        if (n === 3) letGo(200);
        if (n <= 3) return allHere;
        return connection <= 3 ? 'reset' : 200;
      },
    });
    const { call } = setUp();
    await Promise.all([1, 2, 3].map(() => call(callOf(opened.url))));
    await new Promise(setImmediate);

    const report = await call(callOf(opened.url));
    expect(report.outcome).toMatchObject({ kind: 'success' });
    expect(report.timings.connectMs).toBeGreaterThan(0);
    expect(opened.connections).toBe(4);
    expect(opened.requests.map(({ headers }) => headers['webhook-id'])).toEqual(
      Array(5).fill('dlv_17'),
    );
  });

  it('gives no second chance past the deadline', async () => {
    const opened = await receiver({
      answer: (_request, n) => (n === 1 ? 200 : n === 2 ? 'reset' : 'hang'),
    });
    const { call } = setUp({ requestTimeoutMs: 200 });
    await call(callOf(opened.url));
    await new Promise(setImmediate);
    const report = await call(callOf(opened.url));
    expect(report.outcome).toMatchObject({ kind: 'failure', code: 'timeout' });
    expect(report.timings.totalMs).toBeLessThan(700);
    expect(opened.requests).toHaveLength(3);
  });
});

describe('the deadline', () => {
  it('ends a call that has no connection yet, and nothing is sent when it opens', async () => {
    const opened = await receiver();
    let answerLookup = () => {};
    const lookup: LookupFunction = (_name, _options, callback) => {
      answerLookup = () => callback(null, [{ address: '127.0.0.1', family: 4 }]);
    };
    const { call, agent } = setUp({ lookup, requestTimeoutMs: 50 });
    const named = opened.url.replace('127.0.0.1', 'receiver.example');
    const report = await call(callOf(named));
    expect(report.outcome).toMatchObject({
      kind: 'failure',
      code: 'timeout',
      detail: expect.stringContaining('no connection'),
    });
    expect(report.timings.firstByteMs).toBeNull();

    answerLookup();
    await agent.close();
    expect(opened.requests).toHaveLength(0);
  });
});

describe('what is not the receiver`s fault', () => {
  const failing =
    (code: string): LookupFunction =>
    (_name, _options, callback) =>
      callback(Object.assign(new Error(code), { code }), '');

  it.each(['EMFILE', 'ENOMEM', 'ENOBUFS'])('is ours: %s', async (code) => {
    const { call } = setUp({ lookup: failing(code) });
    const report = await call(callOf('http://receiver.example/'));
    expect(report.outcome.kind).toBe('ours');
    expect(report.response).toBeNull();
  });

  it('is ours: the end of this process', async () => {
    const { url } = await receiver({ answer: () => 'hang' });
    const { call, agent } = setUp();
    const underway = call(callOf(url));
    await agent.destroy();
    expect((await underway).outcome.kind).toBe('ours');
    expect((await call(callOf(url))).outcome.kind).toBe('ours');
  });
});

describe('an address that is not allowed', () => {
  it('is not called and not named', async () => {
    const opened = await receiver();
    const { call } = setUp({ allowNetworks: [] });
    const { outcome } = await call(callOf(opened.url));
    expect(outcome).toMatchObject({ kind: 'failure', code: 'blocked_address', status: null });
    expect(JSON.stringify(outcome)).not.toMatch(/127|\d\.\d/);
    expect(opened.connections).toBe(0);
  });

  it('is not called any more once the guard says so, although it was before', async () => {
    const opened = await receiver();
    const { call, guard } = setUp();
    const allowed = await call(callOf(`${opened.url}/v1/events`));
    expect(allowed.outcome.kind).toBe('success');
    const place = { host: '127.0.0.1', port: opened.port, pathPrefix: '/inbox/' };
    guard.setOwnInbox(place);
    const { outcome } = await call(callOf(`${opened.url}/v1/events`));
    expect(outcome).toMatchObject({ kind: 'failure', code: 'blocked_address' });
    expect(opened.requests).toHaveLength(1);
  });

  it('is a URL that is none, as well', async () => {
    const { call } = setUp();
    for (const url of ['', 'nonsense', 'http://', 'file:///etc/passwd']) {
      const { outcome } = await call(callOf(url));
      expect(outcome, url).toMatchObject({ kind: 'failure', code: 'blocked_address' });
    }
  });
});

it('makes many calls at once, each with its own answer', async () => {
  const { url } = await receiver({
    answer: ({ headers }) => ({ body: String(headers['webhook-id']) }),
  });
  const { call } = setUp();
  const ids = Array.from({ length: 300 }, (_, index) => `dlv_${index}`);
  const reports = await Promise.all(ids.map((deliveryId) => call(callOf(url, { deliveryId }))));
  expect(reports.map(({ response }) => Buffer.from(response?.body ?? []).toString())).toEqual(ids);
});
