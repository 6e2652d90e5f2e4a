import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import { createWebhook } from '../asking.ts';
import { rawRequest } from '../raw-request.ts';
import { API_KEY, type ApiAnswer, type Started, startServer } from '../start.ts';

const MAX_BYTES = 262_144;

let server: Started;
let receiver: Receiver;
let webhook: number;
beforeAll(async () => {
  receiver = await openReceiver();
  server = await startServer({ env: { POSTHORN_WRONG_KEYS: '5' } });
  ({ id: webhook } = await createWebhook(server, { url: receiver.url, location: 1 }));
});
afterAll(async () => {
  await server.stop();
  await receiver.close();
});

const COUNTED = ['events', 'webhooks', 'apps', 'locations', 'deliveries'];
async function stored(): Promise<string> {
  const lists = COUNTED.map((list) => server.api('GET', `/v1/${list}?limit=500`));
  return (await Promise.all(lists)).map(({ text }) => text).join('\n');
}

/** What no answer may tell: versions, files, code, addresses of our own. */
const LEAKS =
  /fastify|node\.?js|node:|\bat .+:\d+:\d+|\.ts\b|node_modules|undici|sqlite|FST_|HPE_/i;

const webhookBody = (fields: object) => JSON.stringify({ ...WEBHOOK, ...fields });
const WEBHOOK = { name: 'n', actions: ['BookingCreate'], url: 'https://hooks.example.com/' };
const EVENT = '/v1/events/BookingCreate';
const sized = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`;
const nested = (levels: number) => `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`;
const hex = (text: string) => Buffer.from(text, 'hex');
const typed = (type: string) => ({ 'content-type': type });

interface Threat {
  readonly method?: string;
  readonly path: string;
  readonly body?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly code: string;
}

const at = (path: string, body: string | Uint8Array, status: number, code: string): Threat => ({
  path,
  body,
  status,
  code,
});

const THREATS: readonly (readonly [string, Threat])[] = [
  ['a record that is too big', at(EVENT, sized(MAX_BYTES + 1), 413, 'too_large')],
  ['a setting that is too big', at('/v1/apps', sized(65_537), 413, 'too_large')],
  ['a record in invalid UTF-8', at(EVENT, hex('7b2261223a22ff227d'), 400, 'invalid_utf8')],
  ['a setting in invalid UTF-8', at('/v1/apps', hex('7b2261223a22ff227d'), 400, 'invalid_utf8')],
  ['a record with a byte order mark', at(EVENT, '\u{feff}{}', 400, 'invalid_json')],
  ['a setting with a byte order mark', at('/v1/apps', '\u{feff}{}', 400, 'invalid_json')],
  ['a deep record', at(EVENT, nested(65), 400, 'too_deep')],
  ['a deep setting', at('/v1/apps', nested(65), 400, 'too_deep')],
  ['as many brackets as fit', at('/v1/apps', '['.repeat(65_000), 400, 'too_deep')],
  ['__proto__', at('/v1/apps', '{"name":"n","__proto__":{"x":1}}', 400, 'invalid_request')],
  [
    'constructor',
    at('/v1/webhooks', webhookBody({ constructor: { prototype: 1 } }), 400, 'invalid_request'),
  ],
  ['a key twice', at('/v1/apps', '{"name":"a","name":"b"}', 400, 'invalid_request')],
  [
    'a key twice, spelt otherwise',
    at('/v1/apps', '{"name":"a","n\\u0061me":"b"}', 400, 'invalid_request'),
  ],
  ['NUL in a text', at('/v1/apps', '{"name":"a\\u0000"}', 400, 'invalid_request')],
  ['half a character', at('/v1/apps', '{"name":"\\ud800"}', 400, 'invalid_request')],
  [
    'NUL in the path',
    { method: 'GET', path: '/v1/events/%00', status: 400, code: 'invalid_request' },
  ],
  [
    'NUL in the query',
    { method: 'GET', path: '/v1/deliveries?cursor=%00', status: 400, code: 'invalid_request' },
  ],
  [
    'a path that is no UTF-8',
    { method: 'GET', path: '/v1/events/%ff', status: 400, code: 'invalid_request' },
  ],
  [
    'a path that climbs',
    {
      method: 'GET',
      path: '/docs/static/%2e%2e%2f%2e%2e%2fpackage.json',
      status: 404,
      code: 'not_found',
    },
  ],
  [
    'a long path',
    { method: 'GET', path: `/v1/events/${'x'.repeat(2000)}`, status: 404, code: 'not_found' },
  ],
  ...[
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/json',
    'application/jsonp',
    'application/json; charset=utf-16',
    'application/json; charset=utf-8; x=y',
    'application/json, text/plain',
    'application/json\tx',
  ].flatMap((type): (readonly [string, Threat])[] => [
    [
      `a record as ${JSON.stringify(type)}`,
      { ...at(EVENT, '{}', 415, 'unsupported_media_type'), headers: typed(type) },
    ],
    [
      `a setting as ${JSON.stringify(type)}`,
      { ...at('/v1/apps', '{"name":"n"}', 415, 'unsupported_media_type'), headers: typed(type) },
    ],
  ]),
  [
    'a setting in lines',
    {
      ...at('/v1/apps', '{"name":"n"}', 415, 'unsupported_media_type'),
      headers: typed('application/x-ndjson'),
    },
  ],
  [
    'a private URL',
    at('/v1/webhooks', webhookBody({ url: 'http://10.0.0.1/' }), 400, 'blocked_url'),
  ],
  [
    'a script for a URL',
    at('/v1/webhooks', webhookBody({ url: 'javascript:alert(1)' }), 400, 'blocked_url'),
  ],
  ['no key', { ...at(EVENT, '{}', 401, 'unauthorized'), headers: { authorization: '' } }],
  [
    'the key in a cookie',
    {
      ...at(EVENT, '{}', 401, 'unauthorized'),
      headers: { authorization: '', cookie: `key=${API_KEY}` },
    },
  ],
  [
    'the key in the query',
    { ...at(`${EVENT}?key=${API_KEY}`, '{}', 401, 'unauthorized'), headers: { authorization: '' } },
  ],
  [
    'a hundred headers and more',
    {
      ...at(EVENT, '{}', 431, 'headers_too_large'),
      headers: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`x-${i}`, '1'])),
    },
  ],
  [
    'a method that is not there',
    { method: 'PUT', path: '/v1/webhooks', body: '{}', status: 404, code: 'not_found' },
  ],
];

/** Every refusal is a problem of ours, whatever met it first, and tells nothing of the inside. */
function expectProblem(answer: ApiAnswer, status: number, code: string): void {
  expect(answer.json).toMatchObject({ status, code });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.has('server')).toBe(false);
  expect(answer.headers.has('x-powered-by')).toBe(false);
  expect(answer.text).not.toMatch(LEAKS);
  expect(answer.text).not.toContain(API_KEY);
}

describe('a client that sends', () => {
  it.each(THREATS)('%s is refused, and nothing is stored', async (_title, threat) => {
    const { method = 'POST', path, body, headers, status, code } = threat;
    const before = await stored();
    expectProblem(await server.api(method, path, body, headers), status, code);
    expect(await stored()).toBe(before);
  });
});

const head = (lines: readonly string[]) =>
  [`POST ${EVENT} HTTP/1.1`, 'host: x', `authorization: Bearer ${API_KEY}`, ...lines, '', ''].join(
    '\r\n',
  );

it('a report of somebody unknown is refused before its record is read', async () => {
  const lines = [`POST ${EVENT} HTTP/1.1`, 'host: x', 'connection: close'];
  const body = ['content-type: application/x-ndjson', 'content-length: 16000000', '', ''];
  const { status } = await rawRequest(server.url, [...lines, ...body].join('\r\n'));
  expect(status).toBe(401);
});

describe('bytes that are no request:', () => {
  it.each<[string, string, number, string]>([
    ['another protocol', 'SSH-2.0-OpenSSH_9.2\r\n\r\n', 400, 'invalid_request'],
    ['headers of 20 kB', head([`x: ${'x'.repeat(20_000)}`]), 431, 'headers_too_large'],
    [
      'two lengths',
      `${head(['content-length: 2', 'content-length: 3'])}{}`,
      400,
      'invalid_request',
    ],
    [
      'a length and chunks',
      `${head(['content-type: application/json', 'content-length: 2', 'transfer-encoding: chunked'])}0\r\n\r\n`,
      400,
      'invalid_request',
    ],
    ['a negative length', head(['content-length: -1']), 400, 'invalid_request'],
    ['a folded header', head(['x: 1', ' 2']), 400, 'invalid_request'],
    ['a line feed alone', head(['x: 1\ny: 2']), 400, 'invalid_request'],
    ['a space before the colon', head(['x : 1']), 400, 'invalid_request'],
    ['NUL in a header', head(['x: \0']), 400, 'invalid_request'],
  ])('%s', async (_title, bytes, status, code) => {
    const before = await stored();
    const answer = await rawRequest(server.url, bytes);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(`"code":"${code}"`);
    expect(answer.text).not.toMatch(LEAKS);
    expect(await stored()).toBe(before);
  });
});

it('a body in chunks that never end is cut off where it is too big', async () => {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  // What is written after the end is answered by a reset, which may overtake the 413.
  socket.on('error', () => {}).resume();
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write(head(['content-type: application/json', 'transfer-encoding: chunked']));
  const chunk = `10000\r\n${'x'.repeat(0x1_00_00)}\r\n`;
  let sentBytes = 0;
  const send = () => {
    while (!socket.destroyed && sentBytes < 100 * MAX_BYTES) {
      sentBytes += chunk.length;
      if (!socket.write(chunk)) return;
    }
  };
  socket.on('drain', send);
  send();
  await closed;
  expect(sentBytes).toBeLessThan(100 * MAX_BYTES);
});

it('a connection that asks no more is ended', { timeout: 30_000 }, async () => {
  const { status } = await rawRequest(server.url, 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n');
  expect(status).toBe(200);
});

it('a client that expects more than anybody knows gets its answer without', async () => {
  const answer = await rawRequest(
    server.url,
    'GET /healthz HTTP/1.1\r\nhost: x\r\nexpect: the unexpected\r\nconnection: close\r\n\r\n',
  );
  expect(answer.status).toBe(200);
  expect(answer.text).toContain('x-content-type-options: nosniff');
});

describe('wrong keys', () => {
  const wrong = { authorization: `Bearer ph_${'0'.repeat(12)}_${'0'.repeat(64)}` };
  const guess = () => server.api('POST', EVENT, '{}', wrong);

  it('get 429 after a few, while the right key from the same address gets in', async () => {
    for (let i = 0; i < 5; i++) expectProblem(await guess(), 401, 'unauthorized');
    for (let i = 0; i < 3; i++) {
      const answer = await guess();
      expectProblem(answer, 429, 'too_many_requests');
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(Number(answer.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    }
    expect((await server.api('GET', '/v1/events')).status).toBe(200);
    expect((await server.api('POST', EVENT, '{}')).status).toBe(202);
    const open = await server.api('GET', '/healthz', undefined, { authorization: '' });
    expect(open.status).toBe(200);
  });

  it('cannot claim to come from elsewhere', async () => {
    const answer = await server.api('GET', '/v1/events', undefined, {
      ...wrong,
      'x-forwarded-for': '93.184.215.14',
    });
    expect(answer.status).toBe(429);
  });
});

describe('a browser', () => {
  it('may do nothing with an answer', async () => {
    for (const path of ['/v1/webhooks', '/healthz', '/v1/openapi.json', '/nothing']) {
      const { headers } = await server.api('GET', path);
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;connect-src 'self';base-uri 'none';form-action 'self';frame-ancestors 'none';require-trusted-types-for 'script'",
      );
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.has('strict-transport-security')).toBe(false);
    }
  });

  it('may run the scripts of the description of the API there', async () => {
    const page = await server.api('GET', '/docs/', undefined, { authorization: '' });
    expect(page.headers.get('content-type')).toContain('text/html');
    const csp = page.headers.get('content-security-policy')!;
    expect(csp).toContain("script-src 'self'");
    expect(csp).not.toContain("default-src 'none'");
    const scripts = [...page.text.matchAll(/src="([^"]+)"/g)].map(([, path]) => path!);
    expect(scripts.length).toBeGreaterThan(0);
    for (const path of scripts) {
      const script = await fetch(new URL(path, `${server.url}/docs/`));
      expect(script.status, path).toBe(200);
      expect(script.headers.get('content-type')).toContain('javascript');
    }
  });
});

it('is still well after all that, and delivers', async () => {
  const before = receiver.requests.length;
  const answer = await server.api('POST', `${EVENT}?location=1`, '{"Id":1}');
  expect(answer.json.events).toMatchObject([{ deliveries: 1 }]);
  await receiver.waitFor(before + 1);
  expect((await server.api('GET', `/v1/webhooks/${webhook}`)).json.state).toBe('healthy');
  expect(server.output()).not.toContain('our own mistake');
});
