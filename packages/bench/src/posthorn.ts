import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Adapter, Address, Client, Place, StartCommand } from './adapter.ts';
import { openRawRequests } from './raw-requests.ts';

const SERVER = fileURLToPath(new URL('../../server/bin/posthorn-server.js', import.meta.url));
/** As `npm start`: a young generation of three times 16 MB at most, instead of three times 32. */
const NODE_FLAGS = ['--max-semi-space-size=16'];
const API_KEY = 'bench-operator-key-0123456789';

/** Every commit synced to disk, every attempt logged, reports by HTTP. */
export const posthorn: Adapter = {
  what: 'HTTP intake, SQLite, every commit synced',
  needs: [],
  maxAhead: null,
  start,
  connect,
};

export const posthornOnPostgres: Adapter = {
  ...posthorn,
  what: 'HTTP intake, PostgreSQL, every commit synced',
  needs: ['postgres'],
};

/** One service of a first process and two workers, each of them a node. */
export const posthornByTwoWorkers: Adapter = {
  ...posthornOnPostgres,
  what: 'two workers behind one port, PostgreSQL, every commit synced',
  start: (place) => {
    const command = start(place);
    return { ...command, environment: { ...command.environment, POSTHORN_WORKERS: '2' } };
  },
};

function start(place: Place): StartCommand {
  return {
    args: [...NODE_FLAGS, SERVER, 'serve'],
    environment: {
      POSTHORN_DATA_DIR: join(place.dir, 'data'),
      POSTHORN_PORT: '0',
      POSTHORN_API_KEY: API_KEY,
      POSTHORN_ALLOW_NETWORKS: '127.0.0.0/8',
      POSTHORN_LOG_LEVEL: 'error',
      ...(place.postgresUrl !== null && {
        POSTHORN_DATABASE_URL: place.postgresUrl,
        POSTHORN_SECRET_KEY: '5b'.repeat(32),
      }),
    },
    ready: /listening on (http:\/\/\S+)/,
  };
}

/** Webhook `i` is the only one of location `i + 1`, as a platform with several spaces has them. */
async function connect({ origins, urls }: Address): Promise<Client> {
  const requests = openRawRequests(origins.map((origin) => Number(new URL(origin).port)));
  const api = apiAt(origins[0]!);
  return {
    async setUp() {
      await api('PUT', '/v1/secrets/default', { secret: 'a shared secret' });
      const known = await webhooksByName(api);
      for (const [i, url] of urls.entries()) {
        const name = `Bench ${i + 1}`;
        const id = known.get(name);
        if (id !== undefined) await api('PATCH', `/v1/webhooks/${id}`, { url });
        else await api('POST', '/v1/webhooks', { name, actions: ['*'], location: i + 1, url });
      }
    },
    sendOne: (record, webhook) =>
      requests.send(prepared(record, webhook, () => report(record, webhook, 'application/json'))),
    sendMany: (records, webhook) =>
      requests.send(
        prepared(records, webhook, () => {
          const lines = records.flatMap((record) => [record, LINE_END]);
          return report(Buffer.concat(lines), webhook, 'application/x-ndjson');
        }),
      ),
    async count() {
      const logged = await Promise.all(origins.map(attemptsLogged));
      return logged.reduce((sum, one) => sum + one, 0);
    },
    async close() {
      requests.close();
    },
  };
}

type Api = (method: string, path: string, body?: unknown) => Promise<unknown>;

/** Calls of the REST API with the operator's key; a bench that needs one asks here. */
export function apiAt(origin: string): Api {
  return async (method, path, body) => {
    const response = await fetch(origin + path, {
      method,
      headers: {
        authorization: `Bearer ${API_KEY}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text.startsWith('{') ? (JSON.parse(text) as unknown) : text;
  };
}

async function webhooksByName(api: Api): Promise<Map<string, number>> {
  const { items } = (await api('GET', '/v1/webhooks?limit=100')) as {
    items: { id: number; name: string }[];
  };
  return new Map(items.map(({ id, name }) => [name, id]));
}

/** A call counts once its outcome is settled, which is when nothing of it is in memory any more. */
async function attemptsLogged(origin: string): Promise<number> {
  const metrics = (await apiAt(origin)('GET', '/metrics')) as string;
  const made = sumOf(metrics, 'posthorn_attempt_seconds_count');
  return Math.max(0, made - sumOf(metrics, 'posthorn_deliveries_in_memory'));
}

/** Of all labels: outcomes, and the workers of a service that has some. */
function sumOf(metrics: string, name: string): number {
  const values = metrics.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\d+)$`, 'gm'));
  return Array.from(values, ([, value]) => Number(value)).reduce((sum, value) => sum + value, 0);
}

const LINE_END = Buffer.from('\n');
const requestsOf = new WeakMap<object, Buffer[]>();

/** The request that reports something, made once: a load generator reports the same all the time. */
function prepared(reported: object, webhook: number, make: () => Buffer): Buffer {
  let byWebhook = requestsOf.get(reported);
  if (!byWebhook) requestsOf.set(reported, (byWebhook = []));
  return (byWebhook[webhook] ??= make());
}

function report(body: Buffer, webhook: number, type: string): Buffer {
  const head = [
    `POST /v1/events/BookingCreate?location=${webhook + 1} HTTP/1.1`,
    'host: 127.0.0.1',
    `authorization: Bearer ${API_KEY}`,
    `content-type: ${type}`,
    `content-length: ${body.length}`,
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]);
}
