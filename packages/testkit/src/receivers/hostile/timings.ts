import { failure, success, type HostileCase, type HostileExpectation, type Serve } from './case.ts';
import { answer, drip, flood, onRequest, repeat, silent } from './serve.ts';

const OK = 'HTTP/1.1 200 OK\r\n';
const HINT = 'HTTP/1.1 103 Early Hints\r\nlink: </a.css>; rel=preload\r\n\r\n';

const timing = (name: string, serve: Serve, expect: HostileExpectation): HostileCase => ({
  name,
  target: { kind: 'listener', serve },
  expect,
});

/** Slow, and endless in small steps. All but two last until the deadline. */
export const timings: readonly HostileCase[] = [
  timing('no answer', silent, failure('timeout', { status: null })),
  timing('headers that drip', drip('HTTP/1.1 200 OK\r\nx-a: ', 'a'), failure('timeout')),
  timing('a status line that drips', drip('', 'HTTP/1.1 200 OKAY'), failure('timeout')),
  timing(
    'a body that drips',
    drip(`${OK}content-length: 100000\r\n\r\n`, 'a'),
    success(200, { bodyError: true }),
  ),
  timing(
    'the body of a 500 that drips',
    drip('HTTP/1.1 500 No\r\ncontent-length: 100000\r\n\r\n', 'a'),
    failure('status', { status: 500 }),
  ),
  timing(
    'chunks that drip',
    repeat(`${OK}transfer-encoding: chunked\r\n\r\n`, '1\r\na\r\n', 20),
    success(200, { bodyError: true }),
  ),
  timing(
    'a body that is announced and never comes',
    answer(`${OK}content-length: 5\r\n\r\n`),
    success(200, { bodyError: true, body: '' }),
  ),
  timing('103 every 50 ms', repeat('', HINT, 50), failure('protocol')),
  timing('103 at full speed', flood('', HINT), failure('protocol')),
  timing('102 every 50 ms', repeat('', 'HTTP/1.1 102 Processing\r\n\r\n', 50), failure('protocol')),
  timing(
    'an endless chunk extension',
    flood(`${OK}transfer-encoding: chunked\r\n\r\n1;`, 'a'.repeat(1_000)),
    success(200, { bodyError: true }),
  ),
  timing(
    'an answer that takes its time and is not too late',
    (socket) =>
      onRequest(socket, () => {
        setTimeout(() => socket.write(`${OK}content-length: 2\r\n\r\nok`), 150);
      }),
    success(200, { body: 'ok' }),
  ),
];
