import { gzipSync } from 'node:zlib';
import { failure, success, type HostileCase, type HostileExpectation, type Serve } from './case.ts';
import { answer, answerAndClose, answerAndReset, flood } from './serve.ts';

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`;

const body = (name: string, serve: Serve, expect: HostileExpectation): HostileCase => ({
  name,
  target: { kind: 'listener', serve },
  expect,
});

/** 10 MB of zeros in 10 kB. */
const bomb = gzipSync(Buffer.alloc(10_000_000)).toString('latin1');

/** What comes after a head that was read: a 2xx stays a success. */
export const bodies: readonly HostileCase[] = [
  body(
    'an infinite body in chunks',
    flood(CHUNKED, `2000\r\n${'a'.repeat(0x2000)}\r\n`),
    success(200, { bodyTruncated: true }),
  ),
  body(
    'an infinite body without a length',
    flood(`${OK}\r\n`, 'a'.repeat(32_768)),
    success(200, { bodyTruncated: true }),
  ),
  body(
    'a body of a gigabyte',
    flood(`${OK}content-length: 1000000000\r\n\r\n`, 'a'.repeat(32_768)),
    success(200, { bodyTruncated: true }),
  ),
  body(
    'an infinite body of one-byte chunks',
    flood(CHUNKED, '1\r\na\r\n'.repeat(500)),
    success(200, { bodyTruncated: true }),
  ),
  body(
    'an infinite body of a 500',
    flood('HTTP/1.1 500 No\r\n\r\n', 'a'.repeat(32_768)),
    failure('status', { status: 500, bodyTruncated: true }),
  ),
  body(
    'a body of 20 KB, of which 16 are kept',
    answer(`${OK}content-length: 20000\r\n\r\n${'a'.repeat(20_000)}`),
    success(200, { bodyTruncated: true, body: 'a'.repeat(16 * 1024) }),
  ),
  body(
    'a body just past what is read, and a close',
    answerAndClose(`${OK}connection: close\r\ncontent-length: 65537\r\n\r\n${'a'.repeat(65_537)}`),
    success(200, { bodyTruncated: true }),
  ),
  body(
    'a gzip bomb stays packed',
    answer(
      Buffer.from(
        `${OK}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n${bomb}`,
        'latin1',
      ),
    ),
    success(200, { body: bomb.slice(0, 16 * 1024) }),
  ),
  body(
    'NUL and bytes that are not UTF-8',
    answer(`${OK}content-length: 6\r\n\r\n\x00\xff\xfe\xc3\x28\x00`),
    success(200, { body: '\x00\xff\xfe\xc3\x28\x00' }),
  ),
  body('a bad chunk size', answer(`${CHUNKED}zz\r\nhello\r\n`), success(200, { bodyError: true })),
  body(
    'a chunk size past 2^64',
    answer(`${CHUNKED}ffffffffffffffffffff\r\nhello\r\n`),
    success(200, { bodyError: true }),
  ),
  body(
    'a chunk longer than it said',
    answer(`${CHUNKED}1\r\nhello\r\n0\r\n\r\n`),
    success(200, { bodyError: true }),
  ),
  body(
    'a body shorter than it said',
    answerAndClose(`${OK}content-length: 100\r\n\r\nhello`),
    success(200, { bodyError: true, body: 'hello' }),
  ),
  body(
    'the body of a 500 shorter than it said',
    answerAndClose('HTTP/1.1 500 No\r\ncontent-length: 100\r\n\r\nhello'),
    failure('status', { status: 500, body: 'hello' }),
  ),
  body(
    'chunks that end too soon',
    answerAndClose(`${CHUNKED}5\r\nhello\r\n`),
    success(200, { bodyError: true, body: 'hello' }),
  ),
  body(
    'a reset in the middle of the body',
    answerAndReset(`${OK}content-length: 100\r\n\r\nhello`),
    success(200, { bodyError: true, body: 'hello' }),
  ),
  body(
    'a chunk extension of 1 MB',
    answer(`${CHUNKED}2;${'a'.repeat(1_000_000)}\r\nok\r\n0\r\n\r\n`),
    success(200, { body: 'ok' }),
  ),
  body(
    'trailers',
    answer(`${CHUNKED}2\r\nok\r\n0\r\nx-a: b\r\n\r\n`),
    success(200, { body: 'ok' }),
  ),
  body(
    '1 MB of trailers',
    answer(`${CHUNKED}2\r\nok\r\n0\r\n${`x-a: ${'a'.repeat(1_000)}\r\n`.repeat(1_000)}\r\n`),
    success(200, { bodyError: true, body: 'ok' }),
  ),
];
