import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { verifiers } from '@posthorn/testkit/verifiers';
import { eventually } from '../eventually.ts';
import { sha256 } from './reports.ts';

export const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

/** One call as a receiver got it, whole. */
export interface Receipt {
  readonly receiver: string;
  /** The life of the process that made the call. */
  readonly life: number;
  readonly at: number;
  readonly webhookId: string;
  readonly event: string;
  readonly attempt: number;
  readonly record: string;
  readonly sha256: string;
  readonly isSigned: boolean;
  /** What it was answered, if the caller lived to read it. */
  readonly status: number;
}

/** How a receiver behaves. */
export interface Script {
  readonly name: string;
  /** Answers 500 to the first calls of a record that says so in its `Fails`. */
  readonly isFlaky?: boolean;
  /** Answers after this. */
  readonly delayMs?: number;
}

export interface Receivers {
  readonly receipts: readonly Receipt[];
  /** Counts up the lives of the process. */
  life: number;
  readonly urlOf: (name: string) => string;
  /**
   * Resolves when everything that a dead process sent has arrived: the system has closed its
   * connections, and what was in them is read.
   */
  waitForSilence(): Promise<void>;
  close(): void;
}

/** Receivers that write down every call, behind one server: a path for each. */
export async function openReceivers(scripts: readonly Script[]): Promise<Receivers> {
  const receipts: Receipt[] = [];
  const calls = new Map<string, number>();
  const sockets = new Set<Socket>();
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('error', () => incoming.destroy());
    incoming.on('end', () => receive(incoming, Buffer.concat(chunks), response));
  });
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const receivers: Receivers = {
    receipts,
    life: 0,
    urlOf: (name) => `http://127.0.0.1:${port}/${name}`,
    async waitForSilence() {
      await eventually(() => sockets.size === 0);
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return receivers;

  function receive(incoming: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const script = scripts.find(({ name }) => incoming.url === `/${name}`)!;
    const headers = incoming.headers as Record<string, string>;
    const webhookId = headers['webhook-id']!;
    const [, record = '', fails = '0'] =
      /"UniqueId":"([^"]+)","Fails":(\d+)/.exec(body.toString('latin1')) ?? [];
    const n = (calls.get(webhookId) ?? 0) + 1;
    calls.set(webhookId, n);
    const status = script.isFlaky && n <= Number(fails) ? 500 : 200;
    receipts.push({
      receiver: script.name,
      life: receivers.life,
      at: performance.now(),
      webhookId,
      event: headers['posthorn-event']!,
      attempt: Number(headers['posthorn-attempt']),
      record,
      sha256: sha256(body),
      isSigned: isSigned(headers, body),
      status,
    });
    const answer = () => response.writeHead(status).end();
    if (script.delayMs === undefined) answer();
    else setTimeout(answer, script.delayMs);
  }
}

/** Whether both signatures of a call are those of SECRET, and its time is about now. */
export function isSigned(headers: Record<string, string>, body: Buffer): boolean {
  const nexudus = createHmac('sha256', SECRET).update(body).digest('hex').toUpperCase();
  if (headers['x-nexudus-hook-signature'] !== nexudus) return false;
  try {
    verifiers[0]!.verify(SECRET, headers, body);
    return true;
  } catch {
    return false;
  }
}
