/**
 * A receiver that costs as little as possible: raw sockets, one fixed answer, a count. Runs as a
 * process of its own: `node receiver.ts` prints its port, and answers `GET /count`.
 */
import { createServer, type Socket } from 'node:net';

const ANSWER = Buffer.from('HTTP/1.1 204 No Content\r\n\r\n');
const HEAD_END = Buffer.from('\r\n\r\n');
let count = 0;

const server = createServer({ noDelay: true }, serve);
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as { port: number }).port}\n`);
});

function serve(socket: Socket): void {
  let rest: Buffer | null = null;
  socket.on('data', (chunk: Buffer) => {
    let bytes = rest ? Buffer.concat([rest, chunk]) : chunk;
    let answers = 0;
    for (;;) {
      const end = bytes.indexOf(HEAD_END);
      if (end === -1) break;
      const head = bytes.toString('latin1', 0, end);
      if (head.startsWith('GET ')) {
        const body = String(count);
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
        bytes = bytes.subarray(end + 4);
        continue;
      }
      const at = head.indexOf('content-length: ');
      const total = end + 4 + Number.parseInt(head.slice(at + 16), 10);
      if (bytes.length < total) break;
      bytes = bytes.subarray(total);
      answers++;
    }
    rest = bytes.length > 0 ? bytes : null;
    count += answers;
    if (answers === 1) socket.write(ANSWER);
    else if (answers > 1)
      socket.write(Buffer.concat(Array.from({ length: answers }, () => ANSWER)));
  });
  socket.on('error', () => socket.destroy());
}

process.on('SIGTERM', () => process.exit(0));
