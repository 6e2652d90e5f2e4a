import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openPostgres, type PostgresServer } from '@posthorn/testkit/postgres';
import { type Answer, openReceiver, type Receiver } from '@posthorn/testkit/receivers';
import { createWebhook, deliveriesOf, report, waitForStates } from '../asking.ts';
import { eventually } from '../eventually.ts';
import { rawRequest } from '../raw-request.ts';
import {
  API_KEY,
  newDataDir,
  removeDataDir,
  runToEnd,
  startServer,
  type Started,
} from '../start.ts';
import { newDatabase } from '../stores.ts';

/** Three processes start, one after the other. */
const START_MS = 40_000;
const SLOW = { timeout: 90_000 };

let postgres: PostgresServer;
let receiver: Receiver;
let answer: () => Answer | Promise<Answer>;
let env: Record<string, string>;
const services: Started[] = [];

beforeAll(async () => {
  postgres = await openPostgres();
});
afterAll(async () => {
  await postgres.stop();
});
afterEach(async () => {
  for (const service of services.splice(0)) await service.kill();
  await receiver.close();
});
beforeEach(async () => {
  answer = () => 200;
  receiver = await openReceiver({ answer: () => answer() });
  env = {
    POSTHORN_DATABASE_URL: await newDatabase(postgres),
    POSTHORN_SECRET_KEY: 'ab'.repeat(32),
    POSTHORN_WORKERS: '2',
  };
});

async function startService(more: Record<string, string | undefined> = {}): Promise<Started> {
  const service = await startServer({ env: { ...env, ...more }, deadlineMs: START_MS });
  services.push(service);
  return service;
}

/** The processes that a process started. */
function workersOf({ pid }: Started): number[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([child = 0, parent]) => (parent === pid ? [child] : []))
    .toSorted((a, b) => a - b);
}

describe('a service of several workers', SLOW, () => {
  it('greets once, shares one port, shows one key and all numbers, and stops with 0', async () => {
    const service = await startService({ POSTHORN_API_KEY: '', POSTHORN_LOG_LEVEL: 'info' });
    expect(service.output().match(/listening on/g)).toHaveLength(1);
    const [, key] = /shown this once: (\S+)/.exec(service.output())!;
    expect(service.output().match(/shown this once/g)).toHaveLength(1);
    const headers = { authorization: `Bearer ${key}` };
    const workers = workersOf(service);
    expect(workers).toHaveLength(2);

    await createWebhook(service, { url: receiver.url }, headers);
    // A connection each, so that all workers get some.
    const answers = await Promise.all(
      Array.from({ length: 60 }, () =>
        service.api(
          'POST',
          '/v1/events/BookingCreate',
          { Id: 1 },
          { ...headers, connection: 'close' },
        ),
      ),
    );
    expect(answers.map(({ status }) => status)).toStrictEqual(answers.map(() => 202));
    const { text } = await service.api('GET', '/metrics', undefined, headers);
    const accepted = [...text.matchAll(/posthorn_events_accepted_total\{worker="(\d)"\} (\d+)/g)];
    expect(new Set(accepted.map(([, worker]) => worker))).toStrictEqual(new Set(['1', '2']));
    expect(accepted.reduce((sum, [, , count]) => sum + Number(count), 0)).toBe(60);
    expect(accepted.filter(([, , count]) => count === '0')).toHaveLength(0);

    await service.stop();
    for (const pid of workers) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('loses nothing when a worker is killed under load: the one that replaces it goes on', async () => {
    const service = await startService();
    // Its half is enough for all that comes to a worker.
    const { id } = await createWebhook(service, { url: receiver.url, concurrency: 120 });
    const { promise: said, resolve: say } = Promise.withResolvers<Answer>();
    answer = () => said;
    const accepted = await Promise.all(
      Array.from({ length: 60 }, (_, i) => report(service, 'BookingCreate', { Id: i })),
    );
    // Each worker holds some, and calls with all of them.
    await eventually(async () => {
      const held = await heldByWorkers(service);
      return held.length === 2 && Math.min(...held) > 0 && receiver.requests.length === 60;
    });
    answer = () => 200;
    let isUnderLoad = true;
    const load = Array.from({ length: 4 }, async () => {
      // No more than one page of the log shows.
      while (isUnderLoad && accepted.length < 400) {
        // Unknown is what the dead worker did not answer; it may be kept, or not.
        const event = await report(service, 'BookingCreate').catch(() => null);
        if (event !== null) accepted.push(event);
      }
    });
    const before = workersOf(service);
    process.kill(before[1]!, 'SIGKILL');
    // What it was sending is sent again, long before its session would have run out.
    await eventually(() => callsPerDelivery().some((calls) => calls === 2), {
      deadlineMs: 20_000,
    });
    expect(service.output()).toContain('"reason":"it ended with SIGKILL"');
    isUnderLoad = false;
    await Promise.all(load);
    say(200);
    const events = new Set(
      (await waitForStates(service, id, ['delivered'])).map(({ event }) => event),
    );
    for (const event of accepted) expect(events).toContain(event);
    expect(Math.max(...callsPerDelivery())).toBe(2);
    await service.stop();
  });

  it('answers or refuses every connection that comes while it stops', async () => {
    const service = await startService({ POSTHORN_REQUEST_TIMEOUT: '60s' });
    await createWebhook(service, { url: receiver.url });
    const { promise: said, resolve: say } = Promise.withResolvers<Answer>();
    answer = () => said;
    await report(service, 'BookingCreate');
    await eventually(() => receiver.requests.length === 1);
    const statuses: number[] = [];
    let callers = 64;
    const call = async () => {
      for (;;) {
        const { wasTaken, status } = await callOnce(service.url);
        if (!wasTaken) break;
        statuses.push(status);
      }
      callers--;
    };
    const calling = Promise.all(Array.from({ length: callers }, call));
    await eventually(() => statuses.length > 1000);
    const stopping = service.stop();
    // Until it is answered, the call under way keeps the service from ending, and from cutting off
    // whoever it forgot.
    await eventually(() => callers === 0);
    say(200);
    await Promise.all([calling, stopping]);
    // 0: taken by the system, and refused when the port was closed.
    for (const status of statuses) expect([0, 200, 503]).toContain(status);
  });

  it('finishes its calls when it is stopped, and ends with 0', async () => {
    const service = await startService({ POSTHORN_REQUEST_TIMEOUT: '60s' });
    // One worker may get all of the reports, and makes half of the calls at once.
    await createWebhook(service, { url: receiver.url, concurrency: 24 });
    const { promise: said, resolve: say } = Promise.withResolvers<Answer>();
    answer = () => said;
    await Promise.all(Array.from({ length: 12 }, () => report(service, 'BookingCreate')));
    await eventually(() => receiver.requests.length === 12);
    const stopping = service.stop();
    await eventually(async () => !(await callOnce(service.url)).wasTaken);
    say(200);
    await stopping;

    const after = await startService({ POSTHORN_WORKERS: '1' });
    const deliveries = await deliveriesOf(after, 1);
    expect(deliveries.map(({ state }) => state)).toStrictEqual(deliveries.map(() => 'delivered'));
    expect(receiver.requests).toHaveLength(12);
    await after.stop();
  });

  it('replaces a worker that dies while it is asked for its numbers', async () => {
    const service = await startService();
    const connections = await Promise.all(
      Array.from({ length: 4 }, () => openConnection(service.url)),
    );
    process.kill(service.pid, 'SIGSTOP');
    for (const { ask } of connections.slice(0, 2)) void ask('/metrics');
    // The workers read these after those, each over connections of its own.
    await Promise.all(connections.slice(2).map(({ ask }) => ask('/healthz')));
    const [victim, other] = workersOf(service);
    process.kill(victim!, 'SIGKILL');
    await eventually(() => hasEnded(victim!));
    process.kill(service.pid, 'SIGCONT');
    await eventually(
      () => workersOf(service).length === 2 && !workersOf(service).includes(victim!),
    );
    expect(workersOf(service)).toContain(other);
    for (const { close } of connections) close();
    await service.stop();
  });

  it('ends a worker in order that is asked by itself, and replaces it', async () => {
    const service = await startService();
    const [asked, other] = workersOf(service);
    process.kill(asked!, 'SIGTERM');
    await eventually(() => workersOf(service).length === 2 && !workersOf(service).includes(asked!));
    expect(workersOf(service)).toContain(other);
    // The first process logs it without waiting for the log.
    await eventually(() => /"reason":"(.*?)"/.exec(service.output()));
    expect(service.output()).toContain('"reason":"it ended with 0"');
    await service.stop();
  });

  it('ends connections that are too many for all its workers', async () => {
    const service = await startService({ POSTHORN_SOCKETS: '3' });
    // Enough for both, however they are shared between them.
    const sockets = Array.from({ length: 40 }, () => {
      const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
      return socket.on('error', () => {});
    });
    await eventually(() => sockets.filter(({ closed }) => closed).length >= 34);
    expect(await callOnce(service.url)).toMatchObject({ status: 0 });
    for (const socket of sockets) socket.destroy();
    await eventually(async () => (await callOnce(service.url)).status === 200);
    await service.stop();
  });

  it('ends its workers in order when its first process is killed', async () => {
    const service = await startService();
    const workers = workersOf(service);
    await service.kill();
    await eventually(() => expect(workers.map(isAlive)).toStrictEqual([false, false]) ?? true);
  });
});

describe('a service of several workers that cannot start', SLOW, () => {
  it.each([
    ['its port', () => ({ env, flags: ['--port', String(receiver.port)] }), /EADDRINUSE/],
    [
      'its database',
      () => ({ env: { ...env, POSTHORN_DATABASE_URL: 'postgres://x@127.0.0.1:1/x' } }),
      /The database cannot be used/,
    ],
  ])('for %s says so once and ends with 1', async (_, given, reason) => {
    const { code, output } = await run(given());
    expect(code).toBe(1);
    expect(output.match(/Posthorn cannot start/g)).toHaveLength(1);
    expect(output).toMatch(reason);
    expect(output).not.toContain('listening on');
  });

  it('is refused on SQLite, beside all other mistakes', async () => {
    const mistakes = { POSTHORN_WORKERS: '2', POSTHORN_LOG_LEVEL: 'loud' };
    const { code, output } = await run({ env: { POSTHORN_DATABASE_URL: 'sqlite:', ...mistakes } });
    expect(code).toBe(2);
    expect(output).toMatch(/POSTHORN_WORKERS must be 1 with SQLite/);
    expect(output).toContain('POSTHORN_LOG_LEVEL must');
  });
});

/** One call over a connection of its own. */
async function callOnce(url: string): Promise<{ wasTaken: boolean; status: number }> {
  try {
    const { status } = await rawRequest(
      url,
      'GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
    );
    return { wasTaken: true, status };
  } catch (error) {
    return { wasTaken: (error as NodeJS.ErrnoException).code !== 'ECONNREFUSED', status: 0 };
  }
}

interface Connection {
  /** Resolves when the answer begins. */
  readonly ask: (path: string) => Promise<unknown>;
  readonly close: () => void;
}

/** A connection that a worker has taken. */
async function openConnection(url: string): Promise<Connection> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {});
  const connection: Connection = {
    ask(path) {
      socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${API_KEY}\r\n\r\n`);
      return once(socket, 'data');
    },
    close: () => socket.destroy(),
  };
  await connection.ask('/healthz');
  return connection;
}

/** How many deliveries each worker has in its memory. */
async function heldByWorkers(service: Started): Promise<number[]> {
  const { text } = await service.api('GET', '/metrics');
  return [...text.matchAll(/posthorn_deliveries_in_memory\{worker="\d"\} (\d+)/g)].map(
    ([, count]) => Number(count),
  );
}

async function run(input: Omit<Parameters<typeof runToEnd>[0], 'dataDir'>) {
  const dataDir = newDataDir();
  try {
    return await runToEnd({ ...input, dataDir, deadlineMs: START_MS });
  } finally {
    removeDataDir(dataDir);
  }
}

function callsPerDelivery(): number[] {
  const calls = Map.groupBy(receiver.requests, ({ headers }) => headers['webhook-id']);
  return Array.from(calls.values(), (each) => each.length);
}

/** Also while nobody has asked how it ended. */
function hasEnded(pid: number): boolean {
  const state = execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return state.startsWith('Z');
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
