import { failureHelp } from '../../attempt/failure-help.ts';
import type { Catalogue } from '../../catalogue/catalogue.ts';
import type { CertificateProblem } from '../../net/certificate.ts';
import { keyTime } from '../../store/keys.ts';
import type { StoredAttempt, StoredDelivery } from '../../store/operations/deliveries.ts';
import type { PublicIds } from '../../store/public-id.ts';
import { instant } from '../paging.ts';

export function deliveryView(row: StoredDelivery, catalogue: Catalogue, ids: PublicIds) {
  return {
    id: ids.delivery(row.key),
    event: ids.event(row.eventKey),
    action: catalogue.actionName(row.action),
    location: row.location,
    webhook: row.webhook,
    webhookName: row.webhookName,
    test: row.isTest,
    state: row.state,
    attempts: row.attempts,
    createdAt: instant(keyTime(row.key)),
    nextAttemptAt: instant(row.dueAt),
    deliveredAt: instant(row.deliveredAt),
    endedAt: instant(row.endedAt),
    reason: row.reason,
  };
}

/** One line of the log. Bodies are text where they are UTF-8, else base64. */
export function attemptView(attempt: StoredAttempt, requestBody: string) {
  return {
    number: attempt.number,
    startedAt: instant(attempt.startedAt),
    request: {
      method: 'POST',
      url: attempt.url,
      headers: pairs(attempt.requestHeaders),
      body: requestBody,
    },
    response:
      attempt.status === null
        ? null
        : {
            status: attempt.status,
            headers: pairs(attempt.responseHeaders ?? '[]'),
            ...bodyView(attempt.responseBody ?? new Uint8Array()),
            truncated: attempt.responseTruncated,
          },
    error: errorView(attempt),
    timings: {
      dnsMs: attempt.dnsMs,
      connectMs: attempt.connectMs,
      tlsMs: attempt.tlsMs,
      firstByteMs: attempt.firstByteMs,
      totalMs: attempt.totalMs,
    },
  };
}

function errorView({ errorCode, errorDetail, status, certificate }: StoredAttempt) {
  if (errorCode === null) return null;
  const problem = certificate === null ? null : (JSON.parse(certificate) as CertificateProblem);
  return {
    code: errorCode,
    detail: errorDetail,
    help: failureHelp(errorCode, status, problem?.fault),
    certificate: problem && certificateView(problem),
  };
}

function certificateView(problem: CertificateProblem) {
  const { fault, host, authority, validFrom, validTo, names, nameCount, issuer } = problem;
  return {
    fault,
    host,
    authority,
    validFrom: instant(validFrom),
    validTo: instant(validTo),
    names,
    nameCount,
    issuer,
  };
}

/** `["a","1","b","2"]` as `[["a","1"],["b","2"]]`: names may repeat. */
export function pairs(json: string): [string, string][] {
  return inPairs(JSON.parse(json) as string[]);
}

/** Name and value alternating as pairs. */
export function inPairs(flat: readonly string[]): [string, string][] {
  return flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1]!] as [string, string]] : []));
}

export function bodyView(bytes: Uint8Array): { body: string; encoding: 'utf8' | 'base64' } {
  try {
    return {
      body: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
      encoding: 'utf8',
    };
  } catch {
    return { body: Buffer.from(bytes).toString('base64'), encoding: 'base64' };
  }
}
