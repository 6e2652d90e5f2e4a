import { expect, it } from 'vitest';
import type { CertificateProblem } from '../net/certificate.ts';
import { certificateDetail } from './certificate-detail.ts';

const problem = (given: Partial<CertificateProblem>): CertificateProblem => ({
  fault: 'expired',
  code: 'CERT_HAS_EXPIRED',
  host: 'hooks.example.com',
  validFrom: Date.parse('2026-08-03T12:00:00Z'),
  validTo: Date.parse('2026-11-01T12:00:00Z'),
  authority: null,
  names: ['hooks.example.com'],
  nameCount: 1,
  issuer: 'Some Authority',
  ...given,
});

const OWN = 'The certificate of hooks.example.com';

it.each<[Partial<CertificateProblem>, string]>([
  [{}, `${OWN} expired on 1 Nov 2026, 12:00 UTC`],
  [{ validTo: null }, `${OWN} has expired`],
  [{ authority: 'R0' }, `${OWN} depends on that of "R0", which expired on 1 Nov 2026, 12:00 UTC`],
  [{ fault: 'not_yet_valid' }, `${OWN} is not valid before 3 Aug 2026, 12:00 UTC`],
  [{ fault: 'wrong_host', names: ['a.example'] }, `${OWN} is for another host: a.example`],
  [
    { fault: 'wrong_host', names: ['a.example', 'b.example', 'c.example'], nameCount: 12 },
    `${OWN} is for another host: a.example, b.example and 10 more`,
  ],
  [{ fault: 'wrong_host', names: [], nameCount: 0 }, `${OWN} is for another host`],
  [{ fault: 'self_signed' }, `${OWN} is self-signed`],
  [
    { fault: 'unknown_issuer' },
    `${OWN} is signed by "Some Authority", which is not known here as an authority`,
  ],
  [
    { fault: 'unknown_issuer', issuer: null },
    `${OWN} is signed by an authority that is not known here`,
  ],
  [
    { fault: 'unknown_issuer', issuer: 'x" was revoked' },
    `${OWN} is signed by "x' was revoked", which is not known here as an authority`,
  ],
  [{ fault: 'revoked' }, `${OWN} was revoked`],
  [{ fault: 'unusable', code: 'INVALID_CA' }, `${OWN} cannot be accepted (INVALID_CA)`],
])('%o is said in a sentence', (given, sentence) => {
  expect(certificateDetail(problem(given))).toBe(sentence);
});

it('stays a printable line of 200 characters, whatever the certificate says', () => {
  const long = 'Ж\u202E\n'.padEnd(300, 'x');
  for (const fault of ['expired', 'wrong_host', 'unknown_issuer'] as const) {
    const said = certificateDetail(
      problem({ fault, host: long, authority: long, issuer: long, names: [long, long, long] }),
    );
    expect(said).toMatch(/^[\x20-\x7e]{50,200}$/);
  }
});
