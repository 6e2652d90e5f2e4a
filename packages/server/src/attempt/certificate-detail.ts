import type { CertificateProblem } from '../net/certificate.ts';
import { clean } from './clean.ts';

const MAX_DETAIL_CHARS = 200;
const MAX_HOST_CHARS = 60;
const MAX_NAME_CHARS = 40;
/** More would leave no room for the sentence. */
const MAX_NAMES = 2;

/**
 * The problem as one sentence, with its times in UTC: `The certificate of hooks.example.com expired
 * on 1 Nov 2026, 12:00 UTC`.
 */
export function certificateDetail(problem: CertificateProblem): string {
  const { host, authority } = problem;
  const own = `The certificate of ${clean(host, MAX_HOST_CHARS)}`;
  const whose = authority === null ? own : `${own} depends on that of ${quoted(authority)}, which`;
  return clean(`${whose} ${whatIsWrong(problem)}`, MAX_DETAIL_CHARS);
}

function whatIsWrong(problem: CertificateProblem): string {
  const { fault, code, validFrom, validTo, issuer } = problem;
  switch (fault) {
    case 'expired':
      return validTo === null ? 'has expired' : `expired on ${inUtc(validTo)}`;
    case 'not_yet_valid':
      return validFrom === null ? 'is not valid yet' : `is not valid before ${inUtc(validFrom)}`;
    case 'wrong_host':
      return `is for another host${namesIn(problem)}`;
    case 'self_signed':
      return 'is self-signed';
    case 'unknown_issuer':
      return issuer === null
        ? 'is signed by an authority that is not known here'
        : `is signed by ${quoted(issuer)}, which is not known here as an authority`;
    case 'revoked':
      return 'was revoked';
    case 'unusable':
      return `cannot be accepted (${clean(code, MAX_NAME_CHARS)})`;
  }
}

/** `: a.example, b.example and 3 more` */
function namesIn({ names, nameCount }: CertificateProblem): string {
  const shown = names.slice(0, MAX_NAMES).map((name) => clean(name, MAX_NAME_CHARS));
  if (shown.length === 0) return '';
  const more = nameCount - shown.length;
  return `: ${shown.join(', ')}${more === 0 ? '' : ` and ${more} more`}`;
}

/** In quotes, so that nobody's name reads like our sentence. */
function quoted(name: string): string {
  return `"${clean(name, MAX_NAME_CHARS).replaceAll('"', "'")}"`;
}

/** `1 Nov 2026, 12:00 UTC`; not by `Intl`, which takes 8 MB for as long as the process lives. */
function inUtc(instant: number): string {
  const [, day, month, year, time] = new Date(instant).toUTCString().split(' ');
  return `${Number(day)} ${month} ${year}, ${time!.slice(0, 5)} UTC`;
}
