/** The thread of `receivers.ts`: a port for each receiver, and the ledger of what they got. */
import { once } from 'node:events';
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { isSigned } from '../crash/receivers.ts';
import { sha256 } from '../crash/reports.ts';
import type { Behaviour, CallCount, Receipt } from './behaviour.ts';
import { instant, openLedger } from './ledger.ts';
import type { Request, ThreadInput } from './receivers.ts';

const port = parentPort!;
const { ledger: path, receivers } = workerData as ThreadInput;
const ledger = await openLedger<Receipt>(path, { sync: false });
const behaviours = new Map<string, Behaviour>();
const counts = new Map<string, CallCount>();
const servers = new Map<string, Server>();
const ports = new Map<string, number>();
const connections = new WeakMap<Socket, number>();
let connectionCount = 0;

const urls = new Map<string, string>();
for (const [name, behaviour] of receivers) {
  counts.set(name, { calls: 0, open: 0, mostOpen: 0 });
  behaviours.set(name, behaviour);
  await listen(name);
  urls.set(name, `http://127.0.0.1:${ports.get(name)}/${name}`);
  if (behaviour.kind === 'refuse') await silence(name);
}
port.on('message', ({ id, request }: { id: number; request: Request }) => {
  void answer(request).then((result) => port.postMessage({ id, result }));
});
port.postMessage(urls);

async function answer(request: Request): Promise<unknown> {
  switch (request.kind) {
    case 'behave': {
      const { name, behaviour } = request;
      behaviours.set(name, behaviour);
      if (behaviour.kind === 'refuse') await silence(name);
      else if (!servers.has(name)) await listen(name);
      return undefined;
    }
    case 'counts':
      return counts;
    case 'flush':
      return ledger.written();
  }
}

async function listen(name: string): Promise<void> {
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('error', () => incoming.destroy());
    incoming.on('end', () => receive(name, incoming, Buffer.concat(chunks), response));
  });
  server.keepAliveTimeout = 60_000;
  server.on('connection', (socket) => {
    connections.set(socket, ++connectionCount);
    socket.on('error', () => socket.destroy());
  });
  server.listen(ports.get(name) ?? 0, '127.0.0.1', 1024);
  await once(server, 'listening');
  servers.set(name, server);
  ports.set(name, (server.address() as AddressInfo).port);
}

async function silence(name: string): Promise<void> {
  const server = servers.get(name);
  if (!server) return;
  servers.delete(name);
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

function receive(
  name: string,
  incoming: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): void {
  const behaviour = behaviours.get(name)!;
  const headers = incoming.headers;
  const delivery = String(headers['webhook-id']);
  const attempt = Number(headers['posthorn-attempt']);
  const status = statusOf(behaviour, delivery, attempt);
  void ledger.append({
    receiver: name,
    at: instant(),
    delivery,
    event: String(headers['posthorn-event']),
    attempt,
    record: /"UniqueId":"([^"]+)"/.exec(body.subarray(0, 200).toString('latin1'))?.[1] ?? '',
    sha256: sha256(body),
    ...signatureOf(headers, body),
    connection: connections.get(incoming.socket) ?? 0,
    status,
  });

  const count = counts.get(name)!;
  count.calls++;
  count.open++;
  count.mostOpen = Math.max(count.mostOpen, count.open);
  response.on('close', () => void count.open--);
  if (behaviour.kind === 'reset') incoming.socket.resetAndDestroy();
  else if (status !== null) {
    const { headers: own = {}, body: text = '' } = behaviour.kind === 'status' ? behaviour : {};
    const respond = () => response.writeHead(status, own).end(text, 'latin1');
    const delayMs = behaviour.kind === 'ok' ? (behaviour.delayMs ?? 0) : 0;
    if (delayMs > 0) setTimeout(respond, delayMs);
    else respond();
  }
}

function statusOf(behaviour: Behaviour, delivery: string, attempt: number): number | null {
  switch (behaviour.kind) {
    case 'ok':
      return 200;
    case 'flaky':
      return attempt === 1 && numberOf(delivery) % behaviour.oneIn === 0 ? 500 : 200;
    case 'status':
      return behaviour.status;
    case 'hang':
    case 'reset':
    case 'refuse':
      return null;
  }
}

/** A number that stays the same through all calls of a delivery. */
function numberOf(delivery: string): number {
  let number = 0;
  for (const unit of delivery) number = (number * 31 + unit.codePointAt(0)!) % 65_521;
  return number;
}

/**
 * A signature is checked by the receiver's clock, and a node whose clock is wrong signs a wrong
 * time: the two are told apart here.
 */
function signatureOf(
  headers: IncomingHttpHeaders,
  body: Buffer,
): Pick<Receipt, 'hasSignature' | 'isSigned' | 'skewS'> {
  const skewS = Number(headers['webhook-timestamp']) - Date.now() / 1000;
  const hasSignature = 'webhook-signature' in headers || 'x-nexudus-hook-signature' in headers;
  return { hasSignature, isSigned: isSigned(headers as Record<string, string>, body), skewS };
}
