import { once } from 'node:events';
import type { AddressInfo, LookupFunction, Socket } from 'node:net';
import { createServer, type TlsOptions, type TLSSocket } from 'node:tls';
import { certificates, type Certificates } from '@posthorn/testkit/receivers';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createAgent, type ConnectionTimings, type GuardedAgent } from './agent.ts';
import { certificateProblemOf } from './certificate.ts';
import { UntrustedCertificate } from './failures.ts';
import { createGuard } from './guard.ts';

const DAY_MS = 86_400_000;
const VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

let made: Certificates;
beforeAll(async () => void (made = await certificates()));

interface TlsReceiver {
  readonly url: string;
  /** Connections that came in, and how many of them took a session up again. */
  readonly met: { connections: number; resumed: number; openNow: number };
  /** What was sent to it over TLS. */
  readonly bytes: () => number;
}

/** Answers every request, and closes then: each call makes a connection. */
async function open(options: TlsOptions): Promise<TlsReceiver> {
  const met = { connections: 0, resumed: 0, openNow: 0 };
  const sockets = new Set<Socket>();
  let bytes = 0;
  const server = createServer(options, (socket: TLSSocket) => {
    if (socket.isSessionReused()) met.resumed++;
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      bytes += chunk.length;
      socket.end('HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n');
    });
  });
  server.on('connection', (socket: Socket) => {
    met.connections++;
    met.openNow++;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      met.openNow--;
      sockets.delete(socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  return { url: `https://localhost:${port}`, met, bytes: () => bytes };
}

const loopback: LookupFunction = (_name, _options, callback) =>
  callback(null, [{ address: '127.0.0.1', family: 4 }]);

function agentOf(): GuardedAgent {
  const guard = createGuard({ allowNetworks: ['127.0.0.0/8'], allowHttp: false });
  const agent = createAgent({ guard, connectTimeoutMs: 5_000, lookup: loopback, ca: made.ca });
  closers.push(() => agent.destroy());
  return agent;
}

interface Refused {
  readonly error: Error;
  readonly timings: ConnectionTimings | undefined;
}

async function post({ dispatcher }: GuardedAgent, origin: string): Promise<number> {
  const call = { origin, path: '/', method: 'POST', body: '{"secret":1}' };
  const { statusCode, body } = await dispatcher.request(call);
  await body.dump();
  return statusCode;
}

/** Fails unless the call does. */
function postInVain(agent: GuardedAgent, origin: string): Promise<Refused> {
  return new Promise((resolve, reject) => {
    agent.dispatcher.dispatch(
      { origin, path: '/', method: 'POST', body: '{"secret":1}' },
      {
        onRequestStart: () => reject(new Error('the request was written')),
        onResponseStart: () => reject(new Error('the request was answered')),
        onResponseData: () => undefined,
        onResponseEnd: () => undefined,
        onResponseError: (_controller, error) =>
          resolve({ error, timings: agent.takeFreshConnection(origin) }),
      },
    );
  });
}

const near = (offsetMs: number) =>
  expect.closeTo((Date.now() + offsetMs) / 1_000, -2) as unknown as number;

describe.each(VERSIONS)('a certificate that is not accepted, over %s', (version) => {
  test.each([
    ['expired', 'expired', 'CERT_HAS_EXPIRED'],
    ['notYetValid', 'not_yet_valid', 'CERT_NOT_YET_VALID'],
    ['wrongName', 'wrong_host', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['selfSigned', 'self_signed', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['unknownIssuer', 'unknown_issuer', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['outdatedAuthority', 'expired', 'CERT_HAS_EXPIRED'],
    ['strange', 'unknown_issuer', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ] as const)('%s: is told, and gets no byte and no second meeting', async (name, fault, code) => {
    const receiver = await open({ ...made[name], minVersion: version, maxVersion: version });
    const agent = agentOf();
    // A session that were kept after one call would show in the next.
    for (let call = 1; call <= 3; call++) {
      const { error, timings } = await postInVain(agent, receiver.url);
      expect(error).toBeInstanceOf(UntrustedCertificate);
      const { problem } = error as UntrustedCertificate;
      expect(problem).toMatchObject({ fault, code, host: 'localhost' });
      expect(timings).toEqual({
        dnsMs: expect.any(Number),
        connectMs: expect.any(Number),
        tlsMs: null,
      });
    }
    await expect.poll(() => receiver.met.openNow).toBe(0);
    expect(receiver.met).toMatchObject({ connections: 3, resumed: 0 });
    expect(receiver.bytes()).toBe(0);
  });

  test('is what such a test would notice: a good one gets the bytes, and meets again', async () => {
    const receiver = await open({ ...made.trusted, minVersion: version, maxVersion: version });
    const agent = agentOf();
    // undici forgets a session when memory is collected, so it may take some calls.
    await expect
      .poll(async () => {
        expect(await post(agent, receiver.url)).toBe(204);
        return receiver.met.resumed;
      })
      .toBeGreaterThan(0);
    expect(receiver.bytes()).toBeGreaterThan(0);
  });
});

test('no variable of the environment makes it accepted', async () => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  closers.push(async () => vi.unstubAllEnvs());
  const receiver = await open(made.selfSigned);
  const { error } = await postInVain(agentOf(), receiver.url);
  expect(error).toBeInstanceOf(UntrustedCertificate);
  expect(receiver.bytes()).toBe(0);
});

describe('what is told of it', () => {
  async function problemOf(name: keyof Omit<Certificates, 'ca'>) {
    const { url } = await open(made[name]);
    const { error } = await postInVain(agentOf(), url);
    return (error as UntrustedCertificate).problem;
  }
  const inSeconds = (instant: number | null) => (instant ?? Number.NaN) / 1_000;

  test('are its dates', async () => {
    const over = await problemOf('expired');
    expect(inSeconds(over.validTo)).toEqual(near(-DAY_MS));
    expect(inSeconds(over.validFrom)).toEqual(near(-2 * DAY_MS));
    expect(over.authority).toBeNull();
    const tomorrow = await problemOf('notYetValid');
    expect(inSeconds(tomorrow.validFrom)).toEqual(near(DAY_MS));
  });

  test('are the dates of the authority above it, if that is out of date', async () => {
    const { validTo, authority, issuer } = await problemOf('outdatedAuthority');
    expect(inSeconds(validTo)).toEqual(near(-DAY_MS));
    expect(authority).toBe('Authority in between');
    expect(issuer).toBe('Authority in between');
  });

  test('are the hosts that it is for, and who signed it', async () => {
    expect(await problemOf('wrongName')).toMatchObject({
      names: ['other.example'],
      nameCount: 1,
      issuer: 'Posthorn test authority',
    });
    expect((await problemOf('unknownIssuer')).issuer).toBe('Unknown authority');
  });

  test('is bounded, in one line, whatever its maker wrote', async () => {
    const { names, nameCount, issuer } = await problemOf('strange');
    expect(names).toEqual(Array.from({ length: 10 }, (_, n) => `host-${n}.example`));
    expect(nameCount).toBe(300);
    expect(issuer).toMatch(/^Trust me !{68}\.\.\.$/);
  });
});

describe('certificateProblemOf', () => {
  const now = Date.parse('2026-11-03T10:00:00Z');
  type Presented = Parameters<typeof certificateProblemOf>[2];
  const presented = (given: object): Presented =>
    ({ raw: Buffer.alloc(1), subject: {}, issuer: {}, ...given }) as Presented;

  test('says what it can when nothing could be read', () => {
    expect(certificateProblemOf('CERT_HAS_EXPIRED', 'a.example', null, now)).toEqual({
      fault: 'expired',
      code: 'CERT_HAS_EXPIRED',
      host: 'a.example',
      validFrom: null,
      validTo: null,
      authority: null,
      names: [],
      nameCount: 0,
      issuer: null,
    });
  });

  test('has a word for what has none', () => {
    expect(certificateProblemOf('PATH_LENGTH_EXCEEDED', 'a.example', null, now).fault).toBe(
      'unusable',
    );
  });

  test.each([
    ['names', 'a.example', 'DNS:b.example, DNS:*.c.example', ['b.example', '*.c.example']],
    ['each name once', 'a.example', 'DNS:b.example, DNS:b.example', ['b.example']],
    [
      'no address to who called a name',
      'a.example',
      'IP Address:10.0.0.1, DNS:b.example',
      ['b.example'],
    ],
    [
      'addresses to who called one',
      '192.0.2.1',
      'IP Address:192.0.2.2, DNS:b.example',
      ['192.0.2.2', 'b.example'],
    ],
    [
      'nothing that is no host',
      'a.example',
      'DNS:<b>, email:a@b.example, DNS:b.example',
      ['b.example'],
    ],
    ['nothing quoted', 'a.example', 'DNS:"x, DNS:b.example, DNS:y", DNS:c.example', ['c.example']],
  ])('reads %s', (_what, host, subjectaltname, names) => {
    const certificate = presented({ subjectaltname, subject: { CN: 'not.read.example' } });
    const problem = certificateProblemOf('HOSTNAME_MISMATCH', host, certificate, now);
    expect(problem.names).toEqual(names);
  });

  test('reads the common name where there is no list', () => {
    const certificate = presented({ subject: { CN: ['b.example', 'c.example'] } });
    const { names } = certificateProblemOf('HOSTNAME_MISMATCH', 'a.example', certificate, now);
    expect(names).toEqual(['b.example']);
  });

  test('ends with a chain that never does', () => {
    const loop = presented({ valid_to: 'Nov  9 12:00:00 2026 GMT' }) as {
      issuerCertificate?: unknown;
    };
    loop.issuerCertificate = presented({ issuerCertificate: loop });
    const { validTo } = certificateProblemOf(
      'CERT_HAS_EXPIRED',
      'a.example',
      loop as Presented,
      now,
    );
    expect(validTo).toBe(Date.parse('2026-11-09T12:00:00Z'));
  });
});
