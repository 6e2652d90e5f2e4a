import {
  failure,
  success,
  type HostileCase,
  type HostileExpectation,
  type HostileTarget,
  type Serve,
} from './case.ts';
import { answerAndClose, answerAndReset, onRequest } from './serve.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

const connection = (
  name: string,
  target: Serve | HostileTarget,
  expect: HostileExpectation,
): HostileCase => ({
  name,
  target: typeof target === 'function' ? { kind: 'listener', serve: target } : target,
  expect,
});

/** The first call on a connection is answered; then `second` gets the next on the same one. */
const reused = (
  name: string,
  second: (socket: Parameters<Serve>[0], n: number) => void,
  expect: HostileExpectation,
): HostileCase => ({
  name,
  warmUp: true,
  target: {
    kind: 'listener',
    serve: (socket, n) =>
      onRequest(socket, (request) => {
        if (n === 1 && request === 1) socket.write(OK);
        else second(socket, n);
      }),
  },
  expect,
});

/** Refused, broken and mixed-up connections. */
export const connections: readonly HostileCase[] = [
  connection('nothing listens', { kind: 'refused' }, failure('connection')),
  connection('nobody accepts', { kind: 'full backlog' }, failure('timeout')),
  connection(
    'a name that does not exist',
    { kind: 'no address', code: 'ENOTFOUND' },
    failure('dns'),
  ),
  connection('a name server that fails', { kind: 'no address', code: 'EAI_AGAIN' }, failure('dns')),
  connection(
    'a close before the first byte',
    answerAndClose(),
    failure('connection', { connections: 1 }),
  ),
  connection(
    'a reset before the first byte',
    answerAndReset(),
    failure('connection', { connections: 1 }),
  ),
  connection(
    'a close at once, before the request',
    (socket) => void socket.resume().end(),
    failure('connection'),
  ),
  connection(
    'a reset at once, before the request',
    (socket) => void socket.resetAndDestroy(),
    failure('connection'),
  ),
  connection(
    'a close within the status line',
    answerAndClose('HTTP/1.1 2'),
    failure('connection', { status: null }),
  ),
  connection(
    'a close within the headers',
    answerAndClose('HTTP/1.1 200 OK\r\nx-a: b'),
    failure('connection', { status: null }),
  ),
  connection(
    'a reset within the headers',
    answerAndReset('HTTP/1.1 200 OK\r\nx-a: b'),
    failure('connection', { status: null }),
  ),
  connection(
    'an answer before the request',
    (socket) => void socket.resume().write(OK),
    success(200, { body: 'ok' }),
  ),
  reused(
    'a kept-alive connection that is reset gets one more chance on a fresh one',
    (socket, n) => (n === 1 ? socket.resetAndDestroy() : socket.write(OK)),
    success(200, { body: 'ok', connections: 2 }),
  ),
  reused(
    'a kept-alive connection that is closed gets one more chance on a fresh one',
    (socket, n) => (n === 1 ? socket.end() : socket.write(OK)),
    success(200, { body: 'ok', connections: 2 }),
  ),
  reused(
    'a fresh connection that is reset as well is a failure',
    (socket) => socket.resetAndDestroy(),
    failure('connection', { connections: 2 }),
  ),
  reused(
    'a kept-alive connection that breaks within the answer gets no other chance',
    (socket) => socket.end('HTTP/1.1 2'),
    failure('connection', { connections: 1 }),
  ),
  {
    name: 'a second answer that nobody asked for is not taken for the answer to the next call',
    warmUp: true,
    target: {
      kind: 'listener',
      serve: (socket, n) =>
        onRequest(socket, () => {
          const extra = 'HTTP/1.1 500 Late\r\ncontent-length: 0\r\n\r\n';
          socket.write(n === 1 ? OK + extra : OK);
        }),
    },
    expect: success(200, { body: 'ok', connections: 2 }),
  },
];
