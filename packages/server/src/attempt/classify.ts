import { BlockedAddress, DnsFailure, UntrustedCertificate } from '../net/failures.ts';
import { certificateDetail } from './certificate-detail.ts';
import { clean } from './clean.ts';
import type { Failure, FailureCode, OurFault } from './outcome.ts';

/**
 * Names what broke a call before its final status line was read.
 *
 * The texts are ours: messages of Node and undici contain addresses and bytes of the receiver.
 *
 * Only a closed list of errors is our own fault. Anything unknown is charged to the delivery,
 * because what a receiver can provoke must not be tried again for ever.
 */
export function classifyError(error: unknown): Failure | OurFault {
  const code = codeOf(error);

  const ours = OUR_FAULTS.get(code);
  if (ours !== undefined && !isMissingIpv6(code, error)) return { kind: 'ours', detail: ours };

  if (error instanceof BlockedAddress) return failure('blocked_address', error.refusal.reason);
  if (error instanceof DnsFailure) {
    return code === 'dns_timeout'
      ? failure('dns', 'The name of the receiver did not resolve in time')
      : failure('dns', `The name of the receiver does not resolve (${clean(code, 40)})`);
  }
  if (error instanceof UntrustedCertificate) {
    const { problem } = error;
    return { ...failure('tls', certificateDetail(problem)), certificate: problem };
  }

  const known = KNOWN.get(code);
  if (known !== undefined) return failure(known[0], known[1]);
  if (code === 'UND_ERR_SOCKET') return classifySocketError(error);
  if (isTls(code)) return failure('tls', `The TLS handshake failed (${clean(code, 60)})`);
  if (nameOf(error) === 'HTTPParserError') return failure('protocol', parserDetail(error));
  return failure(
    'protocol',
    `The call broke off in an unexpected way (${clean(code || nameOf(error), 60)})`,
  );
}

/** Whether the connection ended under the call, with nothing to say why. */
export function isBrokenConnection(error: unknown): boolean {
  const code = codeOf(error);
  return (
    code === 'ECONNRESET' ||
    code === 'EPIPE' ||
    code === 'ECONNABORTED' ||
    (code === 'UND_ERR_SOCKET' && !isUnexpectedAnswer(error))
  );
}

/** What ended a body whose status was read, in a few words. */
export function bodyErrorOf(error: unknown): string {
  if (isBrokenConnection(error)) return 'The connection ended within the body';
  if (codeOf(error) === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') {
    return 'The body is not as long as its content-length says';
  }
  if (codeOf(error) === 'UND_ERR_HEADERS_OVERFLOW') return 'The trailers are too large';
  return classifyError(error).detail;
}

export function failure(
  code: FailureCode,
  detail: string,
  status: number | null = null,
  retryAfter: string | null = null,
): Failure {
  return { kind: 'failure', code, detail, status, retryAfter };
}

const SHUTTING_DOWN = 'Posthorn was shutting down';

/** No attempt is recorded for these: the receiver has nothing to do with them. */
const OUR_FAULTS: ReadonlyMap<string, string> = new Map([
  ['EMFILE', 'This process has no file descriptors left'],
  ['ENFILE', 'This machine has no file descriptors left'],
  ['ENOMEM', 'This machine has no memory left'],
  ['EAI_MEMORY', 'This machine has no memory left'],
  ['ENOBUFS', 'This machine has no buffers left'],
  ['EADDRNOTAVAIL', 'This machine has no local ports left'],
  ['UND_ERR_DESTROYED', SHUTTING_DOWN],
  ['UND_ERR_CLOSED', SHUTTING_DOWN],
]);

/**
 * Without IPv6 on this machine (usual in containers), connecting to an IPv6 address says
 * EADDRNOTAVAIL as well. That stays so; taken for our fault, it would be tried again for ever.
 */
function isMissingIpv6(code: string, error: unknown): boolean {
  if (code !== 'EADDRNOTAVAIL') return false;
  const first = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  return String((first as { address?: unknown }).address).includes(':');
}

const NO_WAY = 'No network leads to the receiver';
const NOT_TLS = 'The receiver does not speak TLS on this port';
const NO_VERSION = 'The receiver offers no version of TLS that is safe';
const WANTS_CLIENT = 'The receiver asks for a client certificate';
const BROKEN = 'The receiver ended the connection before it had answered';

const KNOWN: ReadonlyMap<string, readonly [FailureCode, string]> = new Map<
  string,
  readonly [FailureCode, string]
>([
  ['UND_ERR_CONNECT_TIMEOUT', ['timeout', 'The receiver did not accept the connection in time']],
  ['ETIMEDOUT', ['timeout', 'The receiver did not accept the connection in time']],
  ['ECONNREFUSED', ['connection', 'The receiver refused the connection']],
  ['ECONNRESET', ['connection', BROKEN]],
  ['ECONNABORTED', ['connection', BROKEN]],
  ['EPIPE', ['connection', BROKEN]],
  ['EADDRNOTAVAIL', ['connection', NO_WAY]],
  ['EHOSTUNREACH', ['connection', NO_WAY]],
  ['EHOSTDOWN', ['connection', NO_WAY]],
  ['ENETUNREACH', ['connection', NO_WAY]],
  ['ENETDOWN', ['connection', NO_WAY]],
  ['EACCES', ['connection', 'A firewall on our side refused the connection']],
  ['EPERM', ['connection', 'A firewall on our side refused the connection']],
  ['UND_ERR_HEADERS_OVERFLOW', ['protocol', 'The headers of the answer are too large']],
  [
    'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
    ['protocol', 'The content-length of the answer is not right'],
  ],
  ['UND_ERR_INVALID_ARG', ['protocol', 'This call cannot be written as an HTTP request']],
  ['ERR_SSL_WRONG_VERSION_NUMBER', ['tls', NOT_TLS]],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', ['tls', NOT_TLS]],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', ['tls', NO_VERSION]],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', ['tls', NO_VERSION]],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', ['tls', WANTS_CLIENT]],
]);

/** OpenSSL's and Node's names for what a handshake may lack. */
function isTls(code: string): boolean {
  return /^(?:ERR_SSL_|ERR_TLS_|ERR_OSSL_|EPROTO$)/.test(code);
}

function isUnexpectedAnswer(error: unknown): boolean {
  const message = messageOf(error);
  return message === 'bad response' || message === 'bad upgrade';
}

function classifySocketError(error: unknown): Failure {
  switch (messageOf(error)) {
    case 'bad upgrade':
      return failure('protocol', 'The receiver switches to another protocol (101)', 101);
    case 'bad response':
      // undici 8 destroys the connection on `100 Continue`, which RFC 9110 lets a server send at
      // any time. The message is what helps: servers and proxies can be told not to send it.
      return failure(
        'protocol',
        'The receiver sends 100 Continue without being asked to, which is not supported',
        100,
      );
    default:
      return failure('connection', BROKEN);
  }
}

/** "Response does not match the HTTP/1.1 protocol (Invalid header token)": only the reason. */
function parserDetail(error: unknown): string {
  const reason = /\((.*)\)/s.exec(messageOf(error))?.[1] ?? '';
  return reason === ''
    ? 'The answer is not HTTP/1.1'
    : `The answer is not HTTP/1.1 (${clean(reason, 100)})`;
}

/** The code of an error; of several addresses that all failed, the code of the first. */
function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  if (typeof code === 'string') return code;
  return error instanceof AggregateError && error.errors.length > 0 ? codeOf(error.errors[0]) : '';
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}
