import { isIP } from 'node:net';
import type { DetailedPeerCertificate, PeerCertificate } from 'node:tls';

/** Why a certificate is not accepted; `unusable` is whatever has no name here. */
export type CertificateFault =
  | 'expired'
  | 'not_yet_valid'
  | 'wrong_host'
  | 'self_signed'
  | 'unknown_issuer'
  | 'revoked'
  | 'unusable';

/**
 * What a certificate that was not accepted says, as far as it helps people. Its texts are a
 * stranger's: without control and format characters, and of bounded length and number.
 */
export interface CertificateProblem {
  readonly fault: CertificateFault;
  /** OpenSSL's or Node's own word for it. */
  readonly code: string;
  /** The host that was called, as the URL has it. */
  readonly host: string;
  /**
   * Epoch ms. With `expired` and `not_yet_valid` of the certificate that is so, which may be one
   * above the receiver's own.
   */
  readonly validFrom: number | null;
  readonly validTo: number | null;
  /** Whose certificate the two dates are of, when it is one above the receiver's own. */
  readonly authority: string | null;
  /** The hosts that the certificate is for: the first ten of `nameCount`. */
  readonly names: readonly string[];
  readonly nameCount: number;
  /** Who signed it, by its own account. */
  readonly issuer: string | null;
}

const MAX_NAMES = 10;
/** A name of the DNS has at most 253. */
const MAX_NAME_CHARS = 253;
const MAX_AUTHORITY_CHARS = 80;
/** Real chains have three or four certificates. */
const MAX_CHAIN = 10;

/**
 * Reads what was presented by a host, null when that could not be read. `code` is the code of the
 * error that refused it.
 */
export function certificateProblemOf(
  code: string,
  host: string,
  presented: DetailedPeerCertificate | null,
  now: number,
): CertificateProblem {
  const fault = FAULTS[code] ?? 'unusable';
  const chain = chainOf(presented);
  const [own] = chain;
  const dated = chain.find((certificate) => isOutOfTime(fault, certificate, now)) ?? own;
  const names = own === undefined ? [] : namesOf(own, isIP(host) !== 0);
  return {
    fault,
    code: plain(code, MAX_AUTHORITY_CHARS) ?? '',
    host,
    validFrom: instantOf(dated?.valid_from),
    validTo: instantOf(dated?.valid_to),
    authority: dated === own ? null : nameOf(dated?.subject),
    names: names.slice(0, MAX_NAMES),
    nameCount: names.length,
    issuer: nameOf(own?.issuer),
  };
}

const FAULTS: Readonly<Record<string, CertificateFault>> = {
  CERT_HAS_EXPIRED: 'expired',
  CERT_NOT_YET_VALID: 'not_yet_valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'wrong_host',
  HOSTNAME_MISMATCH: 'wrong_host',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self_signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'unknown_issuer',
  UNABLE_TO_GET_ISSUER_CERT: 'unknown_issuer',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'unknown_issuer',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'unknown_issuer',
  CERT_UNTRUSTED: 'unknown_issuer',
  CERT_REVOKED: 'revoked',
};

/** From the receiver's own certificate up. The one at the top refers to itself. */
function chainOf(presented: DetailedPeerCertificate | null): DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = [];
  let next = presented ?? undefined;
  while (next?.raw !== undefined && !chain.includes(next) && chain.length < MAX_CHAIN) {
    chain.push(next);
    next = next.issuerCertificate as DetailedPeerCertificate | undefined;
  }
  return chain;
}

function isOutOfTime(fault: CertificateFault, certificate: PeerCertificate, now: number): boolean {
  const validFrom = instantOf(certificate.valid_from) ?? now;
  const validTo = instantOf(certificate.valid_to) ?? now;
  return (fault === 'expired' && validTo < now) || (fault === 'not_yet_valid' && validFrom > now);
}

/** `Nov  1 12:00:00 2026 GMT` as epoch ms. */
function instantOf(text: string | undefined): number | null {
  const instant = Date.parse(text ?? '');
  return Number.isNaN(instant) ? null : instant;
}

/**
 * The hosts, each once; addresses only for who called one: those of a private network are nobody's
 * business. What is quoted in the list is no host.
 */
function namesOf({ subjectaltname, subject }: PeerCertificate, isForAddress: boolean): string[] {
  // Like Node, which reads the common name only where there is no list.
  const listed = subjectaltname ?? `DNS:${first(subject.CN) ?? ''}`;
  const names = listed
    .replaceAll(/"(?:[^"\\]|\\.)*"/g, '')
    .split(', ')
    .map(
      (entry) => (isForAddress ? /^(?:DNS|IP Address):(.*)$/ : /^DNS:(.*)$/).exec(entry)?.[1] ?? '',
    )
    .filter((name) => name.length <= MAX_NAME_CHARS && /^[\w.*:-]+$/.test(name));
  return [...new Set(names)];
}

type DistinguishedName = PeerCertificate['subject'];

function nameOf(name: DistinguishedName | undefined): string | null {
  return (
    [name?.CN, name?.O, name?.OU]
      .map((field) => plain(first(field) ?? '', MAX_AUTHORITY_CHARS))
      .find((text) => text !== null) ?? null
  );
}

/** A field that stands there more than once is a list, which Node's types do not tell. */
function first(field: string | readonly string[] | undefined): string | undefined {
  return typeof field === 'string' ? field : field?.[0];
}

/** Text fit to be shown in a line, of any language; null when nothing is left. */
function plain(text: string, maxChars: number): string | null {
  // Cut first, so that no time goes into what is not shown; and again, by whole characters.
  const shown = text
    .slice(0, 4 * maxChars)
    .replaceAll(/[\p{C}\p{Z}]+/gu, ' ')
    .trim();
  const characters = Array.from(shown);
  if (characters.length === 0) return null;
  return characters.length <= maxChars ? shown : `${characters.slice(0, maxChars - 3).join('')}...`;
}
