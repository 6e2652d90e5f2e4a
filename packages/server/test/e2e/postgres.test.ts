import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openPostgres, type PostgresServer } from '@posthorn/testkit/postgres';
import {
  type Answer,
  openReceiver,
  type ReceivedRequest,
  type Receiver,
} from '@posthorn/testkit/receivers';
import {
  createWebhook,
  deliveriesOf,
  getDelivery,
  getWebhook,
  noticesOf,
  report,
  waitForStates,
} from '../asking.ts';
import { eventually } from '../eventually.ts';
import { newDataDir, removeDataDir, runToEnd, startServer, type Started } from '../start.ts';
import { newDatabase } from '../stores.ts';

let postgres: PostgresServer;
let receiver: Receiver;
let answer: (request: ReceivedRequest) => Answer | Promise<Answer>;
let env: Record<string, string>;
const nodes: Started[] = [];

beforeAll(async () => {
  postgres = await openPostgres();
  receiver = await openReceiver({ answer: (request) => answer(request) });
});
afterAll(async () => {
  for (const node of nodes) await node.kill();
  await receiver.close();
  await postgres.stop();
});
beforeEach(async () => {
  answer = () => 200;
  env = {
    POSTHORN_DATABASE_URL: await newDatabase(postgres),
    POSTHORN_SECRET_KEY: 'ab'.repeat(32),
    POSTHORN_RETRY_SCHEDULE: '50ms,50ms',
    POSTHORN_DISABLE_AFTER: '3',
  };
});

async function startNode(more: Record<string, string> = {}): Promise<Started> {
  const node = await startServer({ env: { ...env, ...more } });
  nodes.push(node);
  return node;
}

/** How often the receiver was called for each delivery of a webhook. */
function callsTo(path: string): Map<string, number> {
  const calls = new Map<string, number>();
  for (const { headers, path: called } of receiver.requests) {
    const id = headers['webhook-id'] as string;
    if (called === path) calls.set(id, (calls.get(id) ?? 0) + 1);
  }
  return calls;
}

/** Until each of these knows how many share the calls at once to a webhook. */
async function knowOf(count: number, several: readonly Started[]): Promise<void> {
  await eventually(async () => {
    const shown = await Promise.all(several.map((node) => node.api('GET', '/metrics')));
    return shown.every(({ text }) => text.includes(`\nposthorn_nodes ${count}\n`));
  });
}

describe('one node on PostgreSQL', () => {
  it('delivers, re-attempts, switches off, holds and sends what was held, also after a restart', async () => {
    const path = '/one-node';
    const first = await startNode();
    const { id } = await createWebhook(first, { url: receiver.url + path });
    await first.api('PUT', '/v1/secrets/default', { secret: 'shared' });
    const event = await report(first, 'BookingCreate', '{"Id":1.50,"Name":"é"}');
    const [delivered] = await waitForStates(first, id, ['delivered']);
    expect(delivered).toMatchObject({ event, attempts: 1 });
    const { attemptLog } = await getDelivery(first, delivered!.id);
    expect(attemptLog).toMatchObject([{ number: 1, response: { status: 200 } }]);
    const call = receiver.requests.find((request) => request.path === path);
    expect(call!.body.toString()).toBe('[{"Id":1.50,"Name":"\\u00e9"}]');
    expect(call!.headers['x-nexudus-hook-signature']).toMatch(/^[0-9A-F]{64}$/);

    answer = () => 500;
    await report(first, 'BookingCreate');
    await eventually(async () => !(await getWebhook(first, id)).active);
    expect(await noticesOf(first, id)).toMatchObject([
      { kind: 'webhook_disabled' },
      { kind: 'delivery_failed' },
    ]);
    await report(first, 'BookingCreate');
    await waitForStates(first, id, ['delivered', 'held', 'failed'], 3);
    await first.stop();

    answer = () => 200;
    const second = await startNode();
    expect(await deliveriesOf(second, id, '&state=held')).toHaveLength(1);
    const calls = receiver.requests.length;
    await second.api('PATCH', `/v1/webhooks/${id}`, { active: true, held: 'send' });
    await waitForStates(second, id, ['delivered', 'failed'], 3);
    expect(receiver.requests).toHaveLength(calls + 1);
    expect(receiver.requests.at(-1)!.headers['x-nexudus-hook-signature']).toBeDefined();
    await second.stop();
  });

  it('wants a secret key', async () => {
    const dataDir = newDataDir();
    const { code, output } = await runToEnd({ dataDir, env: { ...env, POSTHORN_SECRET_KEY: '' } });
    expect(code).toBe(2);
    expect(output).toContain('POSTHORN_SECRET_KEY is required with PostgreSQL');
    removeDataDir(dataDir);
  });
});

describe('a node whose PostgreSQL is away', () => {
  it('answers 503 within five seconds, sends nothing twice, and goes on when it is back', async () => {
    const path = '/away';
    const node = await startNode();
    const { id } = await createWebhook(node, { url: receiver.url + path });
    await report(node, 'BookingCreate');
    await waitForStates(node, id, ['delivered']);

    // Frozen: it says nothing. A call under way ends meanwhile and is written down afterwards.
    const { promise: said, resolve: say } = Promise.withResolvers<Answer>();
    answer = () => said;
    await report(node, 'BookingCreate');
    await eventually(() => callsTo(path).size === 2);
    const thaw = postgres.freeze();
    say(200);
    answer = () => 200;
    const askedAt = performance.now();
    const answers = await Promise.all([
      ...Array.from({ length: 20 }, () => node.api('POST', '/v1/events/BookingCreate', { Id: 1 })),
      node.api('GET', '/v1/webhooks'),
    ]);
    expect(performance.now() - askedAt).toBeLessThan(5000);
    for (const { status, headers, json } of answers) {
      expect(json).toMatchObject({ status: 503, code: 'store_unavailable' });
      expect(status).toBe(503);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    thaw();
    await eventually(
      async () => (await node.api('POST', '/v1/events/BookingCreate', {})).status === 202,
      { deadlineMs: 10_000 },
    );
    await eventually(async () => {
      const deliveries = await deliveriesOf(node, id);
      return deliveries.length >= 3 && deliveries.every(({ state }) => state === 'delivered');
    });

    // Killed, with what it was just doing.
    const reporting = Promise.all(
      Array.from({ length: 20 }, () => node.api('POST', '/v1/events/BookingCreate', { Id: 2 })),
    );
    await postgres.crash();
    for (const { status } of await reporting) expect([202, 503]).toContain(status);
    await eventually(
      async () => (await node.api('POST', '/v1/events/BookingCreate', {})).status === 202,
      { deadlineMs: 10_000 },
    );
    const all = await eventually(async () => {
      const deliveries = await deliveriesOf(node, id);
      return deliveries.every(({ state }) => state === 'delivered') && deliveries;
    });
    expect(callsTo(path)).toStrictEqual(new Map(all.map((delivery) => [delivery.id, 1])));
    await node.stop();
  }, 40_000);
});

describe('a node whose PostgreSQL forgot its last commits', () => {
  it('sends again what counts as under way there and is not', async () => {
    const path = '/forgotten';
    const node = await startNode();
    const { id } = await createWebhook(node, { url: receiver.url + path });
    await report(node, 'BookingCreate');
    await waitForStates(node, id, ['delivered']);

    // As a standby shows it that has the event, and not yet that it was delivered.
    await postgres.crash();
    const client = new pg.Client({ connectionString: env['POSTHORN_DATABASE_URL'] });
    await client.connect();
    await client.query(`
      update deliveries
      set state = 'leased', leased_by = (select max(id) from sessions), attempts = 0,
        delivered_at = null, ended_at = null;
      delete from attempts`);
    await client.end();
    const [again] = await eventually(
      async () => {
        const deliveries = await deliveriesOf(node, id);
        return deliveries.every(({ state }) => state === 'delivered') && deliveries;
      },
      { deadlineMs: 20_000 },
    );
    expect(callsTo(path)).toStrictEqual(new Map([[again!.id, 2]]));
    await node.stop();
  }, 40_000);
});

describe('a node whose session others ended', () => {
  it('writes nothing of an old call over the call that it makes anew', async () => {
    const path = '/anew';
    const node = await startNode();
    const { id } = await createWebhook(node, { url: receiver.url + path });
    const old = Promise.withResolvers<Answer>();
    const anew = Promise.withResolvers<Answer>();
    const answers = [old.promise, anew.promise];
    answer = () => answers.shift() ?? 200;
    await report(node, 'BookingCreate');
    await eventually(() => answers.length === 1);

    // As another node does that took this one for dead.
    const client = new pg.Client({ connectionString: env['POSTHORN_DATABASE_URL'] });
    await client.connect();
    await client.query(`
      delete from sessions;
      update deliveries
      set state = 'due', due_at = extract(epoch from now()) * 1000, leased_by = null`);
    await client.end();
    await eventually(() => answers.length === 0, { deadlineMs: 15_000 });
    old.resolve(500);
    await eventually(() => node.output().includes('settled too late'));
    anew.resolve(200);

    const [delivery] = await waitForStates(node, id, ['delivered']);
    const { attemptLog } = await getDelivery(node, delivery!.id);
    expect(attemptLog).toMatchObject([{ number: 1, response: { status: 200 } }]);
    await node.stop();
  }, 30_000);
});

describe('two nodes on one PostgreSQL', () => {
  it('deliver each event once, whichever got it, and see what people changed at the other', async () => {
    const path = '/two-nodes';
    const pair = await Promise.all([startNode(), startNode()]);
    const [one, two] = pair;
    const { id } = await createWebhook(one, { url: receiver.url + path });
    // Every fifth event fails the first time.
    answer = ({ body, headers }) =>
      /[05]}/.test(body.toString()) && headers['posthorn-attempt'] === '1' ? 500 : 200;
    await Promise.all(
      Array.from({ length: 200 }, (_, i) => report(pair[i % 2]!, 'BookingCreate', { Id: i })),
    );
    const all = await waitForStates(one, id, ['delivered'], 200);
    const made = new Map(all.map((delivery) => [delivery.id, delivery.attempts]));
    expect(callsTo(path)).toStrictEqual(made);

    // A secret that is set at one signs the calls of the other.
    answer = () => 200;
    await one.api('PUT', '/v1/secrets/default', { secret: 'shared' });
    await eventually(async () => {
      await report(two, 'BookingCreate');
      return receiver.requests.at(-1)!.headers['x-nexudus-hook-signature'] !== undefined;
    });
    // So does the one that takes its place, beside it.
    await one.api('PUT', '/v1/secrets/default', { secret: 'shared anew' });
    await eventually(async () => {
      await report(two, 'BookingCreate');
      return String(receiver.requests.at(-1)!.headers['webhook-signature']).includes(' v1,');
    });
    // So do a new address, a new key, and a webhook that is switched off.
    await one.api('PATCH', `/v1/webhooks/${id}`, { url: `${receiver.url}/moved` });
    await eventually(async () => {
      await report(two, 'BookingCreate');
      return receiver.requests.at(-1)!.path === '/moved';
    });
    const { json: app } = await one.api('POST', '/v1/apps', { name: 'App' });
    const { json: key } = await one.api('POST', `/v1/apps/${app.id}/keys`);
    const authorization = `Bearer ${key.key}`;
    await eventually(
      async () =>
        (await two.api('GET', '/v1/webhooks', undefined, { authorization })).status === 200,
    );
    // One that is revoked is refused by all within a second.
    expect((await one.api('DELETE', `/v1/keys/${key.id}`)).status).toBe(204);
    await eventually(
      async () =>
        (await two.api('GET', '/v1/webhooks', undefined, { authorization })).status === 401,
      { deadlineMs: 1000 },
    );
    await Promise.all(pair.map((node) => node.stop()));
  });

  it('make no more calls at once together than the webhook allows', async () => {
    const pair = [await startNode(), await startNode()];
    const { id } = await createWebhook(pair[0]!, { url: `${receiver.url}/shared`, concurrency: 5 });
    let underWay = 0;
    let most = 0;
    /** Ten events at each node, whose calls are answered when as many as there may be are made. */
    const round = async () => {
      const isFull = Promise.withResolvers<void>();
      most = 0;
      answer = async () => {
        most = Math.max(most, ++underWay);
        if (underWay >= 5) isFull.resolve();
        await isFull.promise;
        await new Promise(setImmediate);
        underWay--;
        return 200;
      };
      const events = Array.from({ length: 20 }, (_, i) => report(pair[i % 2]!, 'BookingCreate'));
      await Promise.all(events);
      await eventually(async () => {
        const deliveries = await deliveriesOf(pair[0]!, id);
        return deliveries.every(({ state }) => state === 'delivered');
      });
      return most;
    };
    await knowOf(2, pair);
    for (let i = 0; i < 3; i++) expect(await round()).toBe(5);
    await Promise.all(pair.map((node) => node.stop()));
  }, 30_000);

  it('take over what a killed node and one that hangs held, and the latter begins anew', async () => {
    const path = '/killed';
    const [killed, hanging, living] = await Promise.all([startNode(), startNode(), startNode()]);
    await knowOf(3, [killed, hanging, living]);
    // Ten calls at once for each of the three.
    const { id } = await createWebhook(killed, { url: receiver.url + path, concurrency: 30 });
    const { promise: never, resolve: release } = Promise.withResolvers<Answer>();
    answer = () => never;
    for (let i = 0; i < 20; i++) {
      await report(killed, 'BookingCreate', { Id: i });
      await report(hanging, 'BookingCreate', { Id: i });
    }
    await eventually(() => callsTo(path).size === 20);
    answer = () => 200;
    const endedAt = Date.now();
    process.kill(hanging.pid, 'SIGSTOP');
    await killed.kill();
    await eventually(
      async () => (await deliveriesOf(living, id)).every(({ state }) => state === 'delivered'),
      { deadlineMs: 40_000 },
    );
    expect(Date.now() - endedAt).toBeLessThan(37_000);

    // It wakes up with calls under way and a queue, none of which is its own any more.
    process.kill(hanging.pid, 'SIGCONT');
    release(200);
    await eventually(() => hanging.output().includes('it begins anew'));
    await eventually(() => hanging.output().includes('settled too late'));
    await report(hanging, 'BookingCreate');
    const all = await waitForStates(hanging, id, ['delivered'], 41);
    expect(all.map(({ attempts }) => attempts)).toStrictEqual(Array.from(all, () => 1));
    const calls = callsTo(path);
    expect(calls.size).toBe(41);
    // What was in flight is sent twice, and nothing else.
    expect([...calls.values()].filter((count) => count > 1)).toHaveLength(20);
    await Promise.all([hanging.stop(), living.stop()]);
  }, 60_000);
});

describe('what clients may do', () => {
  const guess = async (node: Started) => {
    const headers = { authorization: 'Bearer wrong' };
    return (await node.api('GET', '/v1/events', undefined, headers)).status;
  };

  it('is counted by all nodes together: guesses at one of them are refused by the others', async () => {
    const more = { POSTHORN_WRONG_KEYS: '5' };
    const [one, other] = [await startNode(more), await startNode(more)];
    for (let i = 0; i < 5; i++) expect(await guess(one)).toBe(401);
    // In one minute or the next: the count begins anew with each.
    await eventually(async () => {
      while ((await guess(one)) === 401);
      return (await guess(other)) === 429;
    });
    expect((await other.api('GET', '/v1/events')).status).toBe(200);
  });

  it('is shared: a key that asks two nodes gets no more of both than of one', async () => {
    const LIMIT = 40;
    const more = { POSTHORN_KEY_REQUESTS: String(LIMIT) };
    const both = [await startNode(more), await startNode(more)];
    const second = async () => {
      const answers = both.flatMap((node) =>
        Array.from({ length: LIMIT }, () => node.api('GET', '/v1/actions')),
      );
      const allowed = (await Promise.all(answers)).filter(({ status }) => status === 200).length;
      const until = Date.now() - (Date.now() % 1000) + 1000;
      await eventually(() => Date.now() >= until);
      return allowed;
    };
    await second();
    const allowed = await eventually(
      async () => {
        const count = await second();
        return count <= LIMIT && count;
      },
      { deadlineMs: 15_000 },
    );
    expect(allowed).toBeGreaterThan(0);
  });
});
