import { composeBody } from '../attempt/body.ts';
import type { Caller } from '../attempt/call.ts';
import type { AttemptReport, Failure, Success } from '../attempt/outcome.ts';
import type { Settlement } from '../settle/settler.ts';
import type { AttemptRecord, SettleItem } from '../store/operations/hot.ts';
import type { PublicIds } from '../store/public-id.ts';
import { failpoint } from '../telemetry/failpoint.ts';
import { decide, type Policy, type Verdict } from '../verdict/decide.ts';
import type { LeasedDelivery } from './delivery.ts';
import type { Lane } from './lane.ts';

export interface SendNeeds {
  readonly caller: Caller;
  readonly ids: PublicIds;
  readonly actionName: (value: number) => string;
  /** The secrets that apply to an app or location now, the first being the current one. */
  readonly secretsFor: (scope: {
    app: number | null;
    location: number | null;
  }) => readonly string[];
  readonly policy: Policy;
  readonly clock: { now(): number };
  readonly random: () => number;
}

/** Makes the delivery's next call. Never rejects: what went wrong is in the report. */
export async function makeCall(
  lane: Lane,
  delivery: LeasedDelivery,
  needs: SendNeeds,
): Promise<AttemptReport> {
  const target = lane.target!;
  failpoint('attempt:before-call');
  const report = await needs.caller.call({
    url: target.url,
    body: composeBody(delivery.record),
    deliveryId: needs.ids.delivery(delivery.key),
    eventId: needs.ids.event(delivery.eventKey),
    action: needs.actionName(delivery.action),
    attemptNumber: delivery.attempts + 1,
    secrets: needs.secretsFor(target),
    test: delivery.isTest,
  });
  failpoint('attempt:after-call');
  return report;
}

/** Turns a report into what is to be written. `outcome` is the report's, and not our own fault. */
export function settlementOf(
  lane: Lane,
  delivery: LeasedDelivery,
  report: AttemptReport,
  outcome: Success | Failure,
  needs: SendNeeds,
): Omit<Settlement, 'onSettled'> & { verdict: Verdict } {
  const now = needs.clock.now();
  const { health } = lane;
  const story = { ...delivery, attempts: delivery.attempts + 1 };
  const webhook = { enabledAt: lane.target!.enabledAt, lastSuccessAt: health.lastSuccessAt };
  const verdict = decide(outcome, story, webhook, needs.policy, now, needs.random());
  if (outcome.kind === 'success') health.lastSuccessAt = now;

  const error = outcome.kind === 'success' ? null : outcome.detail;
  return {
    verdict,
    session: delivery.session,
    item: {
      deliveryKey: delivery.key,
      webhook: lane.webhook,
      attempt: attemptRecord(story.attempts, report, outcome),
      failures: verdict.failures,
      failingSince: verdict.failingSince,
      next: nextState(verdict, now),
    },
    // A call that a person asked for says nothing bad of the webhook.
    news:
      delivery.isSingle && error !== null
        ? null
        : { health, at: now, error, pausedUntil: verdict.pauseUntil },
    disable: verdict.disable && {
      webhook: lane.webhook,
      reason: verdict.disable,
      deliveryKey: delivery.key,
      detail: disableDetail(verdict, error),
      at: now,
    },
  };
}

function disableDetail({ disable, failures }: Verdict, error: string | null): string {
  return disable === 'gone'
    ? 'The receiver answered 410 Gone: it does not want these calls any more.'
    : `The same request failed ${failures} times in a row, the last time with: ${error}`;
}

function nextState({ delivery }: Verdict, now: number): SettleItem['next'] {
  switch (delivery.kind) {
    case 'delivered':
      return { state: 'delivered', at: now };
    case 'retry':
      return { state: 'due', dueAt: delivery.at };
    case 'give-up':
      return { state: 'failed', at: now, reason: delivery.reason };
  }
}

function attemptRecord(
  number: number,
  { startedAt, url, requestHeaders, response, timings }: AttemptReport,
  outcome: Success | Failure,
): AttemptRecord {
  return {
    number,
    startedAt,
    url,
    requestHeaders: JSON.stringify(requestHeaders),
    status: response?.status ?? (outcome.kind === 'failure' ? outcome.status : null),
    responseHeaders: response && JSON.stringify(response.headers),
    responseBody: response && response.body.length > 0 ? response.body : null,
    responseTruncated: response?.bodyTruncated ?? false,
    errorCode: outcome.kind === 'failure' ? outcome.code : outcome.bodyError && 'body_error',
    errorDetail: outcome.kind === 'failure' ? outcome.detail : outcome.bodyError,
    certificate: certificateOf(outcome),
    dnsMs: timings.dnsMs,
    connectMs: timings.connectMs,
    tlsMs: timings.tlsMs,
    firstByteMs: timings.firstByteMs,
    totalMs: timings.totalMs,
  };
}

function certificateOf(outcome: Success | Failure): string | null {
  if (outcome.kind === 'success' || outcome.certificate === undefined) return null;
  return JSON.stringify(outcome.certificate);
}
