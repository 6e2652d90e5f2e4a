/**
 * A receiver that costs as little as possible: raw sockets, one fixed answer, a count, and how long
 * ago the records that carry an instant were reported. Runs as a process of its own:
 * `node receiver.ts [--hang]` prints its port; `--hang` takes calls and never answers. `GET /count`
 * tells the calls so far, `GET /latencies` those in ms since it was last asked.
 */
import { createServer, type Socket } from 'node:net';
import { SENT_AT } from './record.ts';

const ANSWER = Buffer.from('HTTP/1.1 204 No Content\r\n\r\n');
const HEAD_END = Buffer.from('\r\n\r\n');
/** The record follows the head and the bracket of its array. */
const SENT_AT_OFFSET = HEAD_END.length + 1;
const hangs = process.argv.includes('--hang');
let count = 0;
let latencies: number[] = [];

const server = createServer({ noDelay: true }, serve);
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as { port: number }).port}\n`);
});

function serve(socket: Socket): void {
  let rest: Buffer | null = null;
  let firstByteAt = 0n;
  socket.on('data', (chunk: Buffer) => {
    const now = process.hrtime.bigint();
    if (!rest) firstByteAt = now;
    let bytes = rest ? Buffer.concat([rest, chunk]) : chunk;
    let answers = 0;
    for (;;) {
      const end = bytes.indexOf(HEAD_END);
      if (end === -1) break;
      const head = bytes.toString('latin1', 0, end);
      if (head.startsWith('GET ')) {
        socket.write(answerTo(head));
        bytes = bytes.subarray(end + HEAD_END.length);
        continue;
      }
      const at = head.indexOf('content-length: ');
      const total = end + HEAD_END.length + Number.parseInt(head.slice(at + 16), 10);
      if (bytes.length < total) break;
      noteLatency(bytes, end + SENT_AT_OFFSET, firstByteAt);
      firstByteAt = now;
      bytes = bytes.subarray(total);
      answers++;
    }
    rest = bytes.length > 0 ? bytes : null;
    count += answers;
    if (hangs || answers === 0) return;
    socket.write(
      answers === 1 ? ANSWER : Buffer.concat(Array.from({ length: answers }, () => ANSWER)),
    );
  });
  socket.on('error', () => socket.destroy());
}

function noteLatency(bytes: Buffer, at: number, firstByteAt: bigint): void {
  if (bytes.toString('latin1', at, at + SENT_AT.length) !== SENT_AT) return;
  const digits = bytes.toString('latin1', at + SENT_AT.length, at + SENT_AT.length + 20);
  const sentAtUs = Number.parseInt(digits, 10);
  latencies.push((Number(firstByteAt / 1000n) - sentAtUs) / 1000);
}

function answerTo(head: string): string {
  let body = String(count);
  if (head.startsWith('GET /latencies')) {
    body = JSON.stringify(latencies);
    latencies = [];
  }
  return `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

process.on('SIGTERM', () => process.exit(0));
