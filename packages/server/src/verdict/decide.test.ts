import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Failure, Success } from '../attempt/outcome.ts';
import { decide, type Policy, type RequestStory, type WebhookStory } from './decide.ts';
import { retryAfterMs } from './retry-after.ts';

const NOW = 1_800_000_000_000;
const POLICY: Policy = {
  schedule: [5, 30, 300, 900, 3600, 7200, 18_000, 36_000, 64_800, 129_600].map((s) => s * 1000),
  disableAfter: 10,
};
const SUCCESS: Success = { kind: 'success', status: 200, bodyError: null };
const WEBHOOK: WebhookStory = { enabledAt: NOW - 1e9, lastSuccessAt: null };

function failure(status: number | null = 500, retryAfter: string | null = null): Failure {
  return { kind: 'failure', code: 'status', detail: 'answered 500', status, retryAfter };
}

function request(attempts: number, story: Partial<RequestStory> = {}): RequestStory {
  return {
    attempts,
    failures: attempts - 1,
    failingSince: attempts > 1 ? NOW - 1e6 : null,
    isSingle: false,
    ...story,
  };
}

describe('decide', () => {
  it('ends a delivery at the first success and clears its count', () => {
    expect(decide(SUCCESS, request(4), WEBHOOK, POLICY, NOW, 0)).toEqual({
      delivery: { kind: 'delivered' },
      failures: 0,
      failingSince: null,
      disable: null,
      pauseUntil: null,
    });
  });

  it.each(POLICY.schedule.map((delay, i) => [i + 1, delay] as const))(
    'waits the delay of the schedule after failed call %i',
    (attempts, delay) => {
      const verdict = decide(failure(), request(attempts), WEBHOOK, POLICY, NOW, 0);
      expect(verdict.delivery).toEqual({ kind: 'retry', at: NOW + delay });
    },
  );

  it('gives up after ten re-attempts', () => {
    const verdict = decide(failure(), request(11), WEBHOOK, POLICY, NOW, 0);
    expect(verdict.delivery).toEqual({ kind: 'give-up', reason: 'exhausted' });
  });

  it('switches a webhook off at the tenth failed call in a row and leaves the last re-attempt', () => {
    expect(decide(failure(), request(9), WEBHOOK, POLICY, NOW, 0).disable).toBeNull();
    const tenth = decide(failure(), request(10), WEBHOOK, POLICY, NOW, 0);
    expect(tenth.disable).toBe('failing');
    expect(tenth.delivery.kind).toBe('retry');
  });

  it('counts on from a failure although the clock was behind the one that switched the webhook on', () => {
    const behind: WebhookStory = { enabledAt: NOW + 20, lastSuccessAt: null };
    const first = decide(failure(), request(1), behind, POLICY, NOW, 0);
    const story = { failures: first.failures, failingSince: first.failingSince };
    expect(decide(failure(), request(2, story), behind, POLICY, NOW + 30, 0).failures).toBe(2);
  });

  it('does not switch off a webhook that answered another request since the first failure', () => {
    const alive = { ...WEBHOOK, lastSuccessAt: NOW - 5 };
    for (const attempts of [10, 11]) {
      const verdict = decide(failure(), request(attempts), alive, POLICY, NOW, 0);
      expect(verdict.disable).toBeNull();
    }
    const before = { ...WEBHOOK, lastSuccessAt: NOW - 1e6 - 1 };
    expect(decide(failure(), request(10), before, POLICY, NOW, 0).disable).toBe('failing');
  });

  it('counts from one again after the webhook was switched on', () => {
    const webhook = { ...WEBHOOK, enabledAt: NOW - 10 };
    const verdict = decide(failure(), request(11), webhook, POLICY, NOW, 0);
    expect(verdict).toMatchObject({
      delivery: { kind: 'give-up', reason: 'exhausted' },
      failures: 1,
      failingSince: NOW,
      disable: null,
    });
  });

  it('switches off at once on 410, and never by count when that is configured', () => {
    expect(decide(failure(410), request(1), WEBHOOK, POLICY, NOW, 0).disable).toBe('gone');
    const never = { ...POLICY, disableAfter: 0 };
    expect(decide(failure(), request(10), WEBHOOK, never, NOW, 0).disable).toBeNull();
  });

  it('follows Retry-After when it is longer than the schedule and pauses the lane', () => {
    const verdict = decide(failure(429, '60'), request(1), WEBHOOK, POLICY, NOW, 0);
    expect(verdict).toMatchObject({
      delivery: { kind: 'retry', at: NOW + 60_000 },
      pauseUntil: NOW + 60_000,
    });
    const short = decide(failure(503, '1'), request(3), WEBHOOK, POLICY, NOW, 0);
    expect(short.delivery).toEqual({ kind: 'retry', at: NOW + 300_000 });
  });

  it('makes one call, and no more, when a person asked for it', () => {
    const story = request(3, { isSingle: true });
    const verdict = decide(failure(410), story, WEBHOOK, POLICY, NOW, 0);
    expect(verdict).toMatchObject({
      delivery: { kind: 'give-up', reason: 'single' },
      disable: null,
    });
  });

  it('only ever adds to a delay, at most a tenth', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempts, random) => {
          const verdict = decide(failure(), request(attempts), WEBHOOK, POLICY, NOW, random);
          const base = POLICY.schedule[attempts - 1]!;
          const delay = verdict.delivery.kind === 'retry' ? verdict.delivery.at - NOW : Number.NaN;
          expect(delay).toBeGreaterThanOrEqual(base);
          expect(delay).toBeLessThanOrEqual(base * 1.1);
        },
      ),
    );
  });
});

describe('retryAfterMs', () => {
  it.each([
    ['120', 120_000],
    [' 7 ', 7000],
    ['999999', 86_400_000],
    [new Date(NOW + 90_000).toUTCString(), 90_000],
    ['0', null],
    ['-5', null],
    ['1.5', null],
    ['soon', null],
    ['2027', 2_027_000],
    [new Date(NOW - 90_000).toUTCString(), null],
    ['', null],
    [null, null],
  ])('reads %j as %j ms', (header, expected) => {
    expect(retryAfterMs(header, NOW)).toBe(expected);
  });
});
