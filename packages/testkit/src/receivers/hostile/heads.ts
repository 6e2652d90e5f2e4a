import { failure, success, type HostileCase, type HostileExpectation, type Serve } from './case.ts';
import { answer, answerAndClose, flood } from './serve.ts';

const OK = 'HTTP/1.1 200 OK\r\n';
const EMPTY = 'content-length: 0\r\n\r\n';

const head = (name: string, serve: Serve, expect: HostileExpectation): HostileCase => ({
  name,
  target: { kind: 'listener', serve },
  expect,
});

const malformed = (name: string, bytes: string | Buffer) =>
  head(name, answer(bytes), failure('protocol', { status: null }));

const redirects = [301, 302, 303, 307, 308].map((status) =>
  head(
    `a ${status} redirect is not followed`,
    answer(`HTTP/1.1 ${status} Moved\r\nlocation: http://127.0.0.1:1/elsewhere\r\n${EMPTY}`),
    failure('redirect', { status, detail: /elsewhere/, connections: 1 }),
  ),
);

/** Status lines and headers. */
export const heads: readonly HostileCase[] = [
  head(
    '103 three times, then 200',
    answer('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(3) + OK + EMPTY),
    success(200),
  ),
  head(
    '100 Continue that nobody asked for',
    answer(`HTTP/1.1 100 Continue\r\n\r\n${OK}${EMPTY}`),
    failure('protocol', { status: 100, detail: /100 Continue/, connections: 1 }),
  ),
  head(
    '103 and then the end',
    answerAndClose('HTTP/1.1 103 Early Hints\r\n\r\n'),
    failure('protocol'),
  ),
  head(
    '101 switches to a protocol that nobody asked for',
    answer('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n'),
    failure('protocol'),
  ),
  ...redirects,
  head(
    '304 to a POST',
    answer(`HTTP/1.1 304 Not Modified\r\n\r\n`),
    failure('redirect', { status: 304 }),
  ),
  head(
    '300 without a Location',
    answer(`HTTP/1.1 300 Multiple Choices\r\n${EMPTY}`),
    failure('redirect', { status: 300 }),
  ),
  head(
    'a Location of 4 KB with bytes that are not text',
    answer(`HTTP/1.1 302 Found\r\nlocation: /\xff\xfe\t${'a'.repeat(4_000)}\r\n${EMPTY}`),
    failure('redirect', { status: 302 }),
  ),
  malformed('the banner of an SSH server', 'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n'),
  malformed('the banner of a mail server', '220 mail.example ESMTP Postfix\r\n'),
  malformed('an answer of HTTP/0.9', '<html><body>hello</body></html>'),
  malformed('frames of HTTP/2', Buffer.from('000012040000000000000300000080000400010000', 'hex')),
  malformed('a TLS alert', Buffer.from('15030300020246', 'hex')),
  malformed('random bytes', Buffer.from('00ff1a0b9c8877665544332211', 'hex')),
  malformed('an unknown HTTP version', `HTTP/9.9 200 OK\r\n${EMPTY}`),
  malformed('bare line feeds', 'HTTP/1.1 200 OK\ncontent-length: 0\n\n'),
  malformed('a folded header', `${OK}x-a: one\r\n two\r\n${EMPTY}`),
  malformed('NUL in a header', `${OK}x-a: o\x00ne\r\n${EMPTY}`),
  malformed('a header name with a space', `${OK}x a: one\r\n${EMPTY}`),
  malformed('a header without a colon', `${OK}nothing\r\n${EMPTY}`),
  malformed('a negative content-length', `${OK}content-length: -1\r\n\r\n`),
  malformed('a content-length past 2^64', `${OK}content-length: 99999999999999999999999\r\n\r\n`),
  malformed('a content-length that is no number', `${OK}content-length: many\r\n\r\n`),
  malformed(
    'two content-lengths that differ',
    `${OK}content-length: 1\r\ncontent-length: 2\r\n\r\nxx`,
  ),
  malformed(
    'content-length and transfer-encoding',
    `${OK}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
  ),
  malformed('status 2000', `HTTP/1.1 2000 OK\r\n${EMPTY}`),
  malformed('status 20', `HTTP/1.1 20 OK\r\n${EMPTY}`),
  head(
    'status 999',
    answer(`HTTP/1.1 999 Request denied\r\n${EMPTY}`),
    failure('status', { status: 999 }),
  ),
  head('status 600', answer(`HTTP/1.1 600 What\r\n${EMPTY}`), failure('status', { status: 600 })),
  head('status 204', answer('HTTP/1.1 204 No Content\r\n\r\n'), success(204, { body: '' })),
  head(
    '204 with a body that must not be there',
    answer('HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\nhello'),
    success(204, { body: '' }),
  ),
  head(
    'HTTP/1.0 without a length',
    answerAndClose('HTTP/1.0 200 OK\r\n\r\nhello'),
    success(200, { body: 'hello' }),
  ),
  head(
    '410',
    answer(`HTTP/1.1 410 Gone\r\n${EMPTY}`),
    failure('status', { status: 410, retryAfter: null }),
  ),
  head(
    '429 with a Retry-After',
    answer(`HTTP/1.1 429 Slow\r\nRetry-After: 7\r\n${EMPTY}`),
    failure('status', { status: 429, retryAfter: '7' }),
  ),
  head(
    '429 with two Retry-Afters',
    answer(`HTTP/1.1 429 Slow\r\nretry-after: 7\r\nretry-after: 8\r\n${EMPTY}`),
    failure('status', { status: 429, retryAfter: '7' }),
  ),
  head(
    'two Locations',
    answer(`HTTP/1.1 302 Found\r\nlocation: /a\r\nlocation: /b\r\n${EMPTY}`),
    failure('redirect', { status: 302, detail: /\/a$/ }),
  ),
  head(
    '503 with a Retry-After of junk',
    answer(`HTTP/1.1 503 No\r\nretry-after: soon\r\n${EMPTY}`),
    failure('status', { status: 503, retryAfter: 'soon' }),
  ),
  head(
    '500 with a Retry-After, which only 429 and 503 may have',
    answer(`HTTP/1.1 500 No\r\nretry-after: 7\r\n${EMPTY}`),
    failure('status', { status: 500, retryAfter: null }),
  ),
  head(
    '1 MB of headers',
    answer(`${OK}${`x-a: ${'a'.repeat(1_000)}\r\n`.repeat(1_000)}${EMPTY}`),
    failure('protocol', { status: null }),
  ),
  head(
    'one header of 17 KB',
    answer(`${OK}x-a: ${'a'.repeat(17 * 1024)}\r\n${EMPTY}`),
    failure('protocol', { status: null }),
  ),
  head(
    'one header of 15 KB',
    answer(`${OK}x-a: ${'a'.repeat(15 * 1024)}\r\n${EMPTY}`),
    success(200),
  ),
  head(
    'a thousand small headers',
    answer(`${OK}${'x-a: b\r\n'.repeat(1_000)}${EMPTY}`),
    success(200),
  ),
  head(
    'headers named like the insides of JavaScript',
    answer(`${OK}__proto__: a\r\nconstructor: b\r\n__proto__: c\r\n${EMPTY}`),
    success(200),
  ),
  head(
    'header values that are not UTF-8',
    answer(`${OK}x-a: \xff\xc3\x28\r\n${EMPTY}`),
    success(200),
  ),
  head(
    'endless empty lines before the status',
    flood('', '\r\n'.repeat(1_000)),
    failure('timeout'),
  ),
  head('an endless reason phrase', flood('HTTP/1.1 200 ', 'a'.repeat(1_000)), failure('timeout')),
];
