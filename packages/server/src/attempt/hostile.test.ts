import type { LookupFunction } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  certificates,
  hostileCases,
  openHostile,
  type HostileCase,
} from '@posthorn/testkit/receivers';
import { createAgent } from '../net/agent.ts';
import { createGuard } from '../net/guard.ts';
import { createCaller, type Caller } from './call.ts';
import type { AttemptReport } from './outcome.ts';

const TIMEOUT_MS = 600;

const guard = createGuard({ allowNetworks: ['127.0.0.0/8'], allowHttp: true });
let ca = '';
beforeAll(async () => void ({ ca } = await certificates()));

interface Met {
  readonly reports: AttemptReport[];
  readonly tookMs: number;
  readonly connections: number;
  readonly leftOpen: number;
}

async function meet(hostile: HostileCase): Promise<Met> {
  const receiver = await openHostile(hostile.target);
  const lookup: LookupFunction = (_name, _options, callback) => {
    const code = receiver.lookupErrorCode ?? 'ENOTFOUND';
    callback(Object.assign(new Error('no such name'), { code }), '');
  };
  const agent = createAgent({ guard, connectTimeoutMs: 400, lookup, ca });
  const caller = createCaller({
    agent,
    guard,
    requestTimeoutMs: TIMEOUT_MS,
    clock: Date,
    version: '0.0.0',
  });
  const reports: AttemptReport[] = [];
  const startedAt = performance.now();
  try {
    if (hostile.warmUp) {
      await call(caller, receiver.url);
      // A connection goes back to its pool one turn of the event loop after its answer ended.
      await new Promise(setImmediate);
    }
    void call(caller, receiver.url).then((report) => reports.push(report));
    await until(() => reports.length > 0, TIMEOUT_MS + 1_000);
    const tookMs = performance.now() - startedAt;
    await agent.close();
    await until(() => receiver.openConnections === 0, 1_000);
    return {
      reports,
      tookMs,
      connections: receiver.connections,
      leftOpen: receiver.openConnections,
    };
  } finally {
    await agent.destroy();
    await receiver.close();
  }
}

function call(caller: Caller, url: string): Promise<AttemptReport> {
  return caller.call({
    url,
    body: Buffer.from('[{"Id":1}]'),
    deliveryId: 'dlv_1',
    eventId: 'evt_1',
    action: 'BookingCreate',
    attemptNumber: 1,
    secrets: ['secret'],
  });
}

/** Returns when the condition holds, or at the deadline: what is expected is asserted after. */
async function until(condition: () => boolean, deadlineMs: number): Promise<void> {
  const endsAt = performance.now() + deadlineMs;
  while (!condition() && performance.now() < endsAt) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe.concurrent('an attempt at a hostile receiver is one report', () => {
  it.each(hostileCases.map((hostile) => [hostile.name, hostile] as const))(
    '%s',
    async (_name, hostile) => {
      const met = await meet(hostile);
      const { expect: expected } = hostile;
      expect(met.reports).toHaveLength(1);
      const [report] = met.reports as [AttemptReport];
      const { outcome, response } = report;

      expect(outcome).toMatchObject({
        kind: expected.kind,
        ...(expected.code === undefined ? {} : { code: expected.code }),
        ...(expected.status === undefined ? {} : { status: expected.status }),
        ...(expected.retryAfter === undefined ? {} : { retryAfter: expected.retryAfter }),
        ...(expected.detail ? { detail: expect.stringMatching(expected.detail) } : {}),
      });
      if (outcome.kind === 'success') {
        expect(outcome.bodyError !== null).toBe(expected.bodyError ?? false);
      } else {
        expect(outcome.detail).toMatch(/^[\x20-\x7e]{1,200}$/);
      }
      if (expected.body !== undefined) {
        expect(Buffer.from(response?.body ?? []).toString('latin1')).toBe(expected.body);
      }
      if (expected.bodyTruncated !== undefined) {
        expect(response?.bodyTruncated).toBe(expected.bodyTruncated);
      }
      if (expected.connections !== undefined) expect(met.connections).toBe(expected.connections);

      expect(response?.body.length ?? 0).toBeLessThanOrEqual(16 * 1024);
      const headers = response?.headers ?? [];
      expect(headers.join('').length).toBeLessThanOrEqual(8 * 1024);
      expect(Math.max(0, ...headers.map((text) => text.length))).toBeLessThanOrEqual(1024);
      expect(report.timings.totalMs).toBeLessThan(TIMEOUT_MS + 500);
      expect(met.tookMs).toBeLessThan(TIMEOUT_MS + 1_000);
      expect(met.leftOpen).toBe(0);
    },
  );
});
