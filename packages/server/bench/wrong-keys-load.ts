/** One side of `wrong-keys.ts`, as a process of its own: its order as JSON, its result as a message. */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

export type Load = { readonly url: string; readonly seconds: number } & (
  | {
      readonly kind: 'honest';
      readonly keys: readonly string[];
      /** Requests under way, each followed by the next. */
      readonly atOnce: number;
    }
  | {
      readonly kind: 'flood';
      readonly connections: number;
      /** Whatever the answers do, unless a connection has too many to come. */
      readonly perSecond: number;
    }
);

export interface Loaded {
  /** Answers; of the flood, requests. */
  readonly perSecond: number;
  readonly p99Ms: number;
  readonly statuses: Readonly<Record<string, number>>;
}

/** Requests of the flood that wait for their answer on one connection. */
const MOST_WAITING = 64;
/** Drawing keys would cost more than sending them. */
const WRONG_KEYS = 1000;

const load = JSON.parse(process.argv[2]!) as Load;
const { hostname, port } = new URL(load.url);
const statuses: Record<string, number> = {};
const tookMs: number[] = [];
let sent = 0;
const startedAt = performance.now();
const endsAt = startedAt + load.seconds * 1000;

if (load.kind === 'honest') await beHonest(load.keys, load.atOnce);
else await flood(load.connections, load.perSecond);

const seconds = (performance.now() - startedAt) / 1000;
tookMs.sort((a, b) => a - b);
process.send!({
  perSecond: (sent || tookMs.length) / seconds,
  p99Ms: tookMs[Math.floor(tookMs.length * 0.99)] ?? Infinity,
  statuses,
} satisfies Loaded);
process.disconnect();

async function beHonest(keys: readonly string[], atOnce: number): Promise<void> {
  const loops = Array.from({ length: atOnce }, (_, i) => {
    const request = requestWith(keys[i % keys.length]!);
    return new Promise<void>((resolve) => {
      const lane = open(() => {
        if (performance.now() < endsAt) return lane.send(request);
        lane.end();
        resolve();
      });
      lane.send(request);
    });
  });
  await Promise.all(loops);
}

async function flood(connections: number, perSecond: number): Promise<void> {
  const requests = Array.from({ length: WRONG_KEYS }, () =>
    requestWith(`ph_${randomBytes(6).toString('hex')}_${randomBytes(32).toString('hex')}`),
  );
  const lanes = Array.from({ length: connections }, () => open(() => {}));
  let turn = 0;
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const now = performance.now();
      const wanted = ((now - startedAt) / 1000) * perSecond;
      for (let full = 0; sent < wanted && full < lanes.length; turn++) {
        const lane = lanes[turn % lanes.length]!;
        if (lane.waiting() < MOST_WAITING) {
          lane.send(requests[turn % requests.length]!);
          sent++;
        } else full++;
      }
      if (now < endsAt) return;
      clearInterval(timer);
      for (const lane of lanes) lane.end();
      resolve();
    }, 1);
  });
}

interface Lane {
  send(request: string): void;
  waiting(): number;
  end(): void;
}

/** A connection that is opened anew when the server ends it; answers come in the order of requests. */
function open(answered: () => void): Lane {
  let sentAt: number[] = [];
  let hasEnded = false;
  let socket = dial();
  return {
    send(request) {
      sentAt.push(performance.now());
      socket.write(request);
    },
    waiting: () => sentAt.length,
    end() {
      hasEnded = true;
      socket.destroy();
    },
  };

  function dial(): Socket {
    let text = '';
    const dialled = connect({ port: Number(port), host: hostname, noDelay: true });
    dialled.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
      for (;;) {
        const headEnd = text.indexOf('\r\n\r\n');
        if (headEnd === -1) return;
        const length = Number(/content-length: (\d+)/i.exec(text.slice(0, headEnd))?.[1] ?? 0);
        if (text.length < headEnd + 4 + length) return;
        count(text.slice(9, 12));
        text = text.slice(headEnd + 4 + length);
      }
    });
    dialled.on('error', () => {});
    dialled.on('close', () => {
      if (hasEnded) return;
      const lost = sentAt.length;
      sentAt = [];
      statuses['lost'] = (statuses['lost'] ?? 0) + lost;
      socket = dial();
      if (lost > 0) answered();
    });
    return dialled;
  }

  function count(status: string): void {
    statuses[status] = (statuses[status] ?? 0) + 1;
    tookMs.push(performance.now() - sentAt.shift()!);
    answered();
  }
}

function requestWith(key: string): string {
  const body = '{"Id":1,"ResourceName":"Room Oak"}';
  return [
    'POST /v1/events/BookingCreate HTTP/1.1',
    'host: posthorn',
    `authorization: Bearer ${key}`,
    'content-type: application/json',
    `content-length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}
