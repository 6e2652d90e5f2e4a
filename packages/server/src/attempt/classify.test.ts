import { errors } from 'undici';
import { describe, expect, it } from 'vitest';
import { certificateProblemOf } from '../net/certificate.ts';
import { BlockedAddress, DnsFailure, UntrustedCertificate } from '../net/failures.ts';
import { classifyError, isBrokenConnection } from './classify.ts';

const withCode = (code: string, more: object = {}) =>
  Object.assign(new Error(`${code} 10.1.2.3:443`), { code, address: '10.1.2.3', ...more });

describe('what broke a call', () => {
  const failures: [name: string, error: unknown, code: string][] = [
    ['a refusal of the guard', blocked(), 'blocked_address'],
    ['a name without an address', new DnsFailure('ENOTFOUND', 'x'), 'dns'],
    ['a name that takes too long', new DnsFailure('dns_timeout', 'x'), 'dns'],
    ['no connection in time', new errors.ConnectTimeoutError('to 10.1.2.3'), 'timeout'],
    ['a timeout of the system', withCode('ETIMEDOUT'), 'timeout'],
    ['a refused connection', withCode('ECONNREFUSED'), 'connection'],
    ['no network', withCode('ENETUNREACH'), 'connection'],
    ['no IPv6 on this machine', withCode('EADDRNOTAVAIL', { address: '2600::1' }), 'connection'],
    ['a closed socket', new errors.SocketError('other side closed'), 'connection'],
    ['a handshake', withCode('ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE'), 'tls'],
    ['a handshake of old', withCode('EPROTO'), 'tls'],
    ['a certificate', untrusted('CERT_HAS_EXPIRED'), 'tls'],
    ['a certificate, for a reason without a name', untrusted('UNSPECIFIED'), 'tls'],
    ['an unread answer', new errors.HTTPParserError('(Bad\x00thing)'), 'protocol'],
    ['something never seen', new TypeError('of 10.1.2.3'), 'protocol'],
    ['not even an error', 'text', 'protocol'],
    ['all of several addresses', several('ECONNREFUSED'), 'connection'],
  ];
  it.each(failures)(
    '%s is the failure it should be, and names no address',
    (_name, error, code) => {
      const outcome = classifyError(error);
      expect(outcome).toMatchObject({ kind: 'failure', code });
      expect(outcome.detail).toMatch(/^[\x20-\x7e]{10,200}$/);
      expect(outcome.detail).not.toMatch(/10\.1|2600|443/);
    },
  );

  const ours = ['EMFILE', 'ENFILE', 'ENOMEM', 'ENOBUFS', 'EADDRNOTAVAIL', 'EAI_MEMORY'];
  it.each(ours)('%s is our own fault', (code) => {
    expect(classifyError(withCode(code)).kind).toBe('ours');
    expect(classifyError(new DnsFailure(code, 'x')).kind).toBe('ours');
    expect(classifyError(several(code)).kind).toBe('ours');
  });

  it('is our own fault when we shut down', () => {
    expect(classifyError(new errors.ClientDestroyedError()).kind).toBe('ours');
    expect(classifyError(new errors.ClientClosedError()).kind).toBe('ours');
  });
});

it('a connection is broken when it just ended, and not when it said something odd', () => {
  expect(isBrokenConnection(withCode('ECONNRESET'))).toBe(true);
  expect(isBrokenConnection(withCode('EPIPE'))).toBe(true);
  expect(isBrokenConnection(new errors.SocketError('other side closed'))).toBe(true);
  expect(isBrokenConnection(new errors.SocketError('bad response'))).toBe(false);
  expect(isBrokenConnection(withCode('ECONNREFUSED'))).toBe(false);
});

function blocked(): BlockedAddress {
  return new BlockedAddress({
    code: 'blocked_address',
    reason: 'The URL leads to no public place.',
  });
}

function untrusted(code: string): UntrustedCertificate {
  return new UntrustedCertificate(certificateProblemOf(code, 'hooks.example.com', null, 0), {
    cause: withCode(code),
  });
}

function several(code: string): AggregateError {
  return new AggregateError([withCode(code), withCode('ENETUNREACH')], '10.1.2.3');
}
