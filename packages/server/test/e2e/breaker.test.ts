import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import {
  createWebhook,
  deliveriesOf,
  getWebhook,
  noticesOf,
  report,
  waitForStates,
  type WebhookAnswer,
} from '../asking.ts';
import { eventually } from '../eventually.ts';
import { newDataDir, removeDataDir, type Started, startServer } from '../start.ts';

/** Five failures take a tenth of a second, then there is time to look around. */
const QUICK = '5ms,10ms,15ms,20ms';
const SLOW_PROBES = `${QUICK},1500ms,1600ms`;
const TEN_FAILURES = `${QUICK},100ms,110ms,120ms,130ms,140ms,150ms`;

let server: Started;
let slow: Started;
let dataDir: string;
const receivers: Receiver[] = [];
beforeAll(async () => {
  dataDir = newDataDir();
  server = await startServer({ env: { POSTHORN_RETRY_SCHEDULE: TEN_FAILURES } });
  slow = await startServer({ dataDir, env: { POSTHORN_RETRY_SCHEDULE: SLOW_PROBES } });
});
afterEach(async () => {
  await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
});
afterAll(async () => {
  await server.stop();
  await slow.stop();
  removeDataDir(dataDir);
});

interface Line {
  readonly receiver: Receiver;
  readonly webhook: WebhookAnswer;
  says(answer: (body: string) => Answer | Promise<Answer>): void;
  send(Id: unknown, count?: number): Promise<void>;
  state(): Promise<WebhookAnswer>;
}

let lastLocation = 0;

async function openLine(on: () => Started): Promise<Line> {
  let said: (body: string) => Answer | Promise<Answer> = () => 500;
  const receiver = await openReceiver({ answer: ({ body }) => said(body.toString()) });
  receivers.push(receiver);
  const location = ++lastLocation;
  const webhook = await createWebhook(on(), { url: receiver.url, location });
  return {
    receiver,
    webhook,
    says: (answer) => (said = answer),
    async send(Id, count = 1) {
      const reports = Array.from({ length: count }, () =>
        report(on(), 'BookingCreate', { Id }, `?location=${location}`),
      );
      await Promise.all(reports);
    },
    state: () => getWebhook(on(), webhook.id),
  };
}

const isOpen = (line: Line) =>
  eventually(async () => {
    const now = await line.state();
    return now.state === 'open' && now;
  });

/** Open by the failures of several requests: nothing is due but the slow probe. */
async function openSeveral(): Promise<Line> {
  const line = await openLine(() => slow);
  await line.send('first', 2);
  await isOpen(line);
  // The oldest uses up its quick delays by itself.
  await eventually(async () => {
    const { nextProbeAt } = await line.state();
    return nextProbeAt !== null && Date.parse(nextProbeAt) - Date.now() > 500;
  });
  return line;
}

const bodiesOf = ({ receiver }: Line, text: string) =>
  receiver.requests.filter(({ body }) => String(body).includes(text));

describe('five failed calls in a row', () => {
  it('open the lane: what comes waits with all its attempts, and the next probe is told', async () => {
    const line = await openSeveral();
    const before = line.receiver.requests.length;
    await line.send('waits', 50);
    const open = await line.state();
    expect(open).toMatchObject({ state: 'open', active: true, failingSince: expect.any(String) });
    expect(open.errorCount).toBeGreaterThanOrEqual(5);
    const waiting = (await deliveriesOf(slow, line.webhook.id)).slice(0, 50);
    expect(waiting.every(({ state, attempts }) => state === 'due' && attempts === 0)).toBe(true);
    expect(line.receiver.requests).toHaveLength(before);
    const list = await slow.api('GET', '/v1/webhooks?limit=500');
    const listed = (list.json.items as WebhookAnswer[]).find(({ id }) => id === line.webhook.id);
    expect(listed).toMatchObject({ state: 'open', nextProbeAt: open.nextProbeAt });

    // One probe, when it was told; it goes well, and all that waited is sent.
    line.says(() => 200);
    await waitForStates(slow, line.webhook.id, ['delivered'], 52);
    const probe = line.receiver.requests[before]!;
    expect(String(probe.body)).toContain('first');
    expect(probe.receivedAt).toBeGreaterThanOrEqual(Date.parse(open.nextProbeAt!) - 5);
    expect(await line.state()).toMatchObject({ state: 'healthy', nextProbeAt: null });
    for (const { attempts } of (await deliveriesOf(slow, line.webhook.id)).slice(0, 50)) {
      expect(attempts).toBe(1);
    }
  });

  it('close it with a ramp: 1 call at once, then 2, then 4', async () => {
    const line = await openSeveral();
    await line.send('waits', 60);
    let underWay = 0;
    let ended = 0;
    /** Calls under way at most, by how many had ended. */
    const most = Array.from({ length: 62 }, () => 0);
    line.says(async () => {
      underWay++;
      most[ended] = Math.max(most[ended]!, underWay);
      await new Promise((resolve) => setTimeout(resolve, 20));
      underWay--;
      ended++;
      return 200;
    });
    await waitForStates(slow, line.webhook.id, ['delivered'], 62);
    // The probe, one, two at once, then four.
    const atMost = (from: number, to: number) => Math.max(...most.slice(from, to));
    expect(atMost(0, 2)).toBe(1);
    expect(atMost(2, 4)).toBeLessThanOrEqual(2);
    expect(atMost(4, 8)).toBeLessThanOrEqual(4);
    expect(atMost(16, 62)).toBeGreaterThan(4);
    expect(atMost(0, 62)).toBeLessThanOrEqual(10);
  });

  it('leave the probing to one request, whose tenth failure switches the webhook off', async () => {
    const line = await openLine(() => server);
    await line.send('oldest', 40);
    const off = await eventually(async () => {
      const now = await line.state();
      return !now.active && now;
    });
    expect(off).toMatchObject({ state: 'disabled', disabledReason: 'failing', nextProbeAt: null });
    const held = await waitForStates(server, line.webhook.id, ['held'], 40);
    const calls = held.map(({ attempts }) => attempts).toSorted((a, b) => b - a);
    expect(calls[0]).toBe(10);
    // Ten were under way when it opened; of the others only the second witness could be called.
    expect(calls.slice(10).every((attempts) => attempts <= 1)).toBe(true);
    expect(line.receiver.requests.length).toBeLessThan(40);
    expect(await noticesOf(server, line.webhook.id)).toHaveLength(1);
  });

  it('do not come from tests, nor from single calls', async () => {
    const line = await openLine(() => slow);
    line.says(() => 200);
    await line.send('sent');
    const [sent] = await waitForStates(slow, line.webhook.id, ['delivered']);
    line.says(() => 500);
    for (let i = 1; i <= 3; i++) {
      await slow.api('POST', `/v1/webhooks/${line.webhook.id}/test`);
      await line.receiver.waitFor(2 * i);
      await eventually(async () => {
        const again = await slow.api('POST', `/v1/deliveries/${sent!.id}/resend`);
        return again.status === 202;
      });
      await line.receiver.waitFor(2 * i + 1);
    }
    expect(await line.state()).toMatchObject({ state: 'healthy', errorCount: 0 });
  });
});

describe('an open lane', () => {
  it('of one request alone asks another one, and knows poison by its success', async () => {
    const line = await openLine(() => server);
    line.says((body) => (body.includes('poison') ? 500 : 200));
    await line.send('poison');
    await isOpen(line);
    await line.send('well');
    await eventually(() => bodiesOf(line, 'well').length === 1);
    await waitForStates(server, line.webhook.id, ['failed', 'delivered'], 2);
    expect(bodiesOf(line, 'poison')).toHaveLength(11);
    expect(await line.state()).toMatchObject({ active: true });
  });

  it('asks no third one when the second fails', async () => {
    const line = await openLine(() => slow);
    await line.send('one');
    await isOpen(line);
    await line.send('two', 20);
    await eventually(() => bodiesOf(line, 'two').length === 1);
    await line.send('three', 20);
    expect(bodiesOf(line, 'two')).toHaveLength(1);
    expect(bodiesOf(line, 'three')).toHaveLength(0);
  });

  it('sends tests at once, and closes when one goes well', async () => {
    const line = await openSeveral();
    await line.send('waits', 5);
    const test = () => slow.api('POST', `/v1/webhooks/${line.webhook.id}/test`);
    const before = line.receiver.requests.length;
    await test();
    await line.receiver.waitFor(before + 1, 1000);
    expect(bodiesOf(line, 'waits')).toHaveLength(0);
    line.says(() => 200);
    await test();
    await eventually(() => bodiesOf(line, 'waits').length === 5, { deadlineMs: 1000 });
  });

  it('takes a single call that a person asks for as its next probe', async () => {
    const line = await openLine(() => slow);
    line.says(() => 200);
    await line.send('sent');
    const [sent] = await waitForStates(slow, line.webhook.id, ['delivered']);
    line.says(() => 500);
    await line.send('fails', 5);
    await isOpen(line);
    line.says(() => 200);
    await slow.api('POST', `/v1/deliveries/${sent!.id}/resend`);
    await waitForStates(slow, line.webhook.id, ['delivered'], 6);
    expect(bodiesOf(line, 'sent')).toHaveLength(2);
  });

  it('waits as long as Retry-After of its probe says', async () => {
    const line = await openLine(() => server);
    let calls = 0;
    line.says(() => (++calls === 6 ? { status: 503, headers: { 'retry-after': '1' } } : 500));
    await line.send('first');
    await line.receiver.waitFor(6);
    line.says(() => 200);
    await line.send('waits', 3);
    await waitForStates(server, line.webhook.id, ['delivered'], 4);
    const at = line.receiver.requests.map(({ receivedAt }) => receivedAt);
    expect(at[6]! - at[5]!).toBeGreaterThanOrEqual(950);
  });

  it('is switched off by 410, and by a new success after it is switched on', async () => {
    const line = await openLine(() => server);
    let calls = 0;
    line.says(() => (++calls >= 6 ? 410 : 500));
    await line.send('first', 3);
    await eventually(async () => (await line.state()).disabledReason === 'gone');
    line.says(() => 200);
    await server.api('PATCH', `/v1/webhooks/${line.webhook.id}`, { active: true });
    await waitForStates(server, line.webhook.id, ['delivered'], 3);
    expect(await line.state()).toMatchObject({ state: 'healthy' });
  });

  it('begins anew with another URL', async () => {
    const line = await openSeveral();
    line.says(() => 200);
    await line.send('waits', 3);
    const changed = await slow.api('PATCH', `/v1/webhooks/${line.webhook.id}`, {
      url: `${line.receiver.url}/elsewhere`,
    });
    expect(changed.json).toMatchObject({ state: 'healthy', errorCount: 0, nextProbeAt: null });
    await eventually(() => bodiesOf(line, 'waits').length === 3, { deadlineMs: 1000 });
  });

  it('is open after a restart, with the same probe due', async () => {
    // A probe that is due only when a start is over, also on a machine with much else to do.
    const env = { POSTHORN_RETRY_SCHEDULE: `${QUICK},6s,1s` };
    await slow.stop();
    slow = await startServer({ dataDir, env });
    const line = await openSeveral();
    await line.send('waits', 30);
    const before = await line.state();
    const calls = line.receiver.requests.length;
    await slow.kill();
    slow = await startServer({ dataDir, env });
    expect(await line.state()).toMatchObject({ state: 'open', nextProbeAt: before.nextProbeAt });
    await line.send('after the restart', 30);
    await line.receiver.waitFor(calls + 1, 10_000);
    expect(String(line.receiver.requests[calls]!.body)).toContain('first');
    line.says(() => 200);
    await waitForStates(slow, line.webhook.id, ['delivered'], 62);
  });
});
