import {
  failure,
  success,
  type HostileCase,
  type HostileExpectation,
  type HostileTarget,
} from './case.ts';
import { answer, silent } from './serve.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

type Listener = Extract<HostileTarget, { kind: 'listener' }>;

const tls = (
  name: string,
  target: Partial<Omit<Listener, 'kind'>>,
  expect: HostileExpectation,
): HostileCase => ({ name, target: { kind: 'listener', serve: answer(OK), ...target }, expect });

/** Handshakes and certificates. */
export const handshakes: readonly HostileCase[] = [
  tls('a good certificate', { certificate: 'trusted' }, success(200, { body: 'ok' })),
  tls(
    'a self-signed certificate',
    { certificate: 'selfSigned' },
    failure('tls', { detail: /self-signed/ }),
  ),
  tls(
    'an expired certificate',
    { certificate: 'expired' },
    failure('tls', { detail: /expired on \d/ }),
  ),
  tls(
    'a certificate of tomorrow',
    { certificate: 'notYetValid' },
    failure('tls', { detail: /is not valid before/ }),
  ),
  tls(
    'a certificate for another host',
    { certificate: 'wrongName' },
    failure('tls', { detail: /is for another host: other\.example/ }),
  ),
  tls(
    'a certificate of an unknown authority',
    { certificate: 'unknownIssuer' },
    failure('tls', { detail: /signed by "Unknown authority", which is not known/ }),
  ),
  tls('a TLS version of the past', { certificate: 'trusted', tls: 'TLS 1.1' }, failure('tls')),
  tls(
    'no client certificate where one is asked for',
    { certificate: 'trusted', tls: 'client certificate' },
    failure('connection'),
  ),
  tls(
    'plain HTTP on a port for https',
    { scheme: 'https', serve: (socket) => void socket.on('data', () => socket.write(OK)) },
    failure('tls'),
  ),
  tls(
    'TLS on a port for plain HTTP',
    { scheme: 'http', certificate: 'trusted' },
    failure('connection'),
  ),
  tls('a handshake that stalls', { scheme: 'https', serve: silent }, failure('timeout')),
  tls(
    'a close instead of a handshake',
    { scheme: 'https', serve: (socket) => void socket.once('data', () => socket.end()) },
    failure('connection'),
  ),
  tls(
    'a reset instead of a handshake',
    {
      scheme: 'https',
      serve: (socket) => void socket.once('data', () => socket.resetAndDestroy()),
    },
    failure('connection'),
  ),
  tls('no answer over TLS', { certificate: 'trusted', serve: silent }, failure('timeout')),
];
