import type { CertificateFault } from '../net/certificate.ts';
import type { FailureCode } from './outcome.ts';

/** Whatever an attempt's row may carry as its error. */
type ErrorCode = FailureCode | 'body_error' | 'record_error';

/**
 * What to do about an attempt that met this, in a sentence or two for somebody who is no engineer.
 * Null for a code of another version.
 */
export function failureHelp(
  code: string,
  status: number | null,
  fault?: CertificateFault,
): string | null {
  if (code === 'status' && status !== null) return statusHelp(status);
  if (fault !== undefined) return CERTIFICATE_HELP[fault];
  return code in HELP ? HELP[code as ErrorCode] : null;
}

const HELP: Readonly<Record<ErrorCode, string>> = {
  status:
    'The receiver answered, and not well. Its own log tells why; the answer below may do so too.',
  redirect:
    'The receiver has moved, and a webhook follows no redirect. If the new address is meant, make it the URL of the webhook.',
  protocol:
    'What answered does not speak HTTP as it should. Often the port is that of another program, or https:// and http:// are mixed up in the URL.',
  timeout:
    'The receiver took too long. It should answer at once and do its work afterwards; if nobody can reach it, a firewall may drop the calls.',
  connection:
    'Nobody took the call at this address. Check that the receiver runs, that the port in the URL is right, and that its firewall lets calls in.',
  dns: 'Nobody knows the name in the URL. Check its spelling, and that the domain is registered and has an address.',
  tls: 'No safe connection could be agreed on. Check that the URL has the right port and that https:// is meant; whoever runs the receiver finds more in its log.',
  blocked_address:
    'The URL leads into a private network, where this service does not call. Use a public address, or ask the operator to allow that network.',
  body_error:
    'The call arrived and counts as delivered. Only the rest of the answer was not readable; nothing has to be done.',
  record_error:
    'The call was made, but what was sent and answered could not be kept. An operator finds the cause in the log of the service.',
};

const CERTIFICATE_HELP: Readonly<Record<CertificateFault, string>> = {
  expired:
    'Whoever runs the receiver has to renew its certificate. As soon as that is done, calls arrive again.',
  not_yet_valid:
    'Whoever runs the receiver has to install a certificate that is valid now. If this one should be, the clock of this service may be wrong, which an operator can check.',
  wrong_host:
    'Check that the URL has the name that the certificate is for. If it has, whoever runs the receiver has to get a certificate for this name.',
  self_signed:
    'Nobody but the receiver itself vouches for this certificate. Whoever runs it has to get one from a public authority, or an operator of this service can trust it.',
  unknown_issuer:
    'Often the receiver leaves out the certificates between its own and the authority: whoever runs it should install the full chain. An authority of your own can be trusted by an operator of this service.',
  revoked:
    'The authority has taken this certificate back. Whoever runs the receiver has to install another.',
  unusable:
    'Whoever runs the receiver has to install another certificate; the word in brackets says what is wrong with this one.',
};

function statusHelp(status: number): string {
  if (status >= 500)
    return 'The receiver had a problem of its own. Whoever runs it finds the cause in its log; the delivery is tried again meanwhile.';
  return STATUS_HELP[status] ?? HELP.status;
}

const STATUS_HELP: Readonly<Record<number, string>> = {
  400: 'The receiver did not like what it got. Perhaps it expects another action or another format: its documentation or its answer below should tell.',
  401: 'The receiver wants to know who calls. If it checks the signature, its secret and the one set here must be the same.',
  403: 'The receiver refuses the call. If it checks the signature, its secret and the one set here must be the same; a firewall may also refuse.',
  404: 'There is nothing at this path of the receiver. Check the URL for a slip of the pen, or ask for its new address.',
  405: 'There is something at this URL, but it takes no POST. Perhaps it is a page for people and not the address for webhooks.',
  408: 'The receiver waited for the call for too long. If that happens often, the network in between is slow.',
  410: 'The receiver does not want these calls any more, so the webhook was switched off. Delete it, or ask for a new address.',
  413: 'The record is larger than the receiver takes. Whoever runs it can raise its limit.',
  415: 'The receiver does not take JSON at this address. Check that the URL is the one for webhooks.',
  429: 'The receiver asks to be called less often. Lower the number of calls at once of this webhook; what waits is sent later.',
};
