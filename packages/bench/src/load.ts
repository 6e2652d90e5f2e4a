/**
 * A load generator that costs as little as possible: raw sockets, one prepared request per
 * connection, one request under way on each. Runs as a process of its own, with its order as JSON
 * on standard input; prints a line of JSON when it is done.
 */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

export interface LoadOrder {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** One full request per connection, taken in turn. */
  readonly requests: readonly string[];
  /** Requests per second over all connections; 0: as many as possible. */
  readonly perSecond: number;
}

export interface LoadResult {
  readonly answered: number;
  readonly refused: number;
  readonly seconds: number;
}

const order = JSON.parse(await text(process.stdin)) as LoadOrder;
const started = performance.now();
const end = started + order.seconds * 1000;
let answered = 0;
let refused = 0;
let open = order.connections;

for (let i = 0; i < order.connections; i++) {
  const request = Buffer.from(order.requests[i % order.requests.length]!);
  const socket = connect({ port: order.port, host: '127.0.0.1', noDelay: true });
  let head = '';
  const send = (): void => {
    if (performance.now() >= end) socket.end();
    else if (order.perSecond === 0) socket.write(request);
    else paced(i, () => socket.write(request));
  };
  socket.on('connect', send);
  socket.on('data', (chunk) => {
    head += chunk.toString('latin1');
    const headEnd = head.indexOf('\r\n\r\n');
    if (headEnd === -1) return;
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (head.length < headEnd + 4 + length) return;
    if (head.startsWith('HTTP/1.1 2')) answered++;
    else refused++;
    head = '';
    send();
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    if (--open > 0) return;
    const seconds = (performance.now() - started) / 1000;
    process.stdout.write(
      `${JSON.stringify({ answered, refused, seconds } satisfies LoadResult)}\n`,
    );
  });
}

/** Spreads the requests of all connections evenly over each second. */
function paced(connection: number, send: () => void): void {
  const every = (order.connections / order.perSecond) * 1000;
  const offset = (connection / order.connections) * every;
  const now = performance.now() - started;
  const next = Math.ceil((now - offset) / every) * every + offset;
  setTimeout(send, Math.max(0, next - now));
}
