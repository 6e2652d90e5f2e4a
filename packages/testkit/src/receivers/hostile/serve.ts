import type { Socket } from 'node:net';
import type { Serve } from './case.ts';

/** Calls back for each complete request on a connection; `n` counts them from 1. */
export function onRequest(socket: Socket, callback: (n: number) => void): void {
  let text = '';
  let n = 0;
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    for (;;) {
      const headEnd = text.indexOf('\r\n\r\n');
      if (headEnd === -1) return;
      const length = Number(/^content-length: *(\d+)/im.exec(text.slice(0, headEnd))?.[1] ?? 0);
      if (text.length < headEnd + 4 + length) return;
      text = text.slice(headEnd + 4 + length);
      callback(++n);
    }
  });
}

/** Reads and never says a word. */
export const silent: Serve = (socket) => void socket.resume();

/** Answers each request with these bytes, and leaves the connection open. */
export const answer =
  (bytes: string | Buffer): Serve =>
  (socket) =>
    onRequest(socket, () => void socket.write(bytes, 'latin1'));

/** Answers the first request with these bytes, if any, and closes in the orderly way. */
export const answerAndClose =
  (bytes: string | Buffer = ''): Serve =>
  (socket) =>
    onRequest(socket, () => void socket.end(bytes, 'latin1'));

/** Answers the first request with these bytes, if any, and resets the connection. */
export const answerAndReset =
  (bytes = ''): Serve =>
  (socket) =>
    onRequest(socket, () => {
      if (bytes === '') socket.resetAndDestroy();
      // The reset must not overtake the bytes: it leaves when the peer has surely read them.
      else socket.write(bytes, 'latin1', () => setTimeout(() => socket.resetAndDestroy(), 30));
    });

/** Answers with `head` and then the bytes of `rest`, one each `everyMs`. */
export const drip =
  (head: string, rest: string, everyMs = 20): Serve =>
  (socket) =>
    onRequest(socket, () => {
      if (head !== '') socket.write(head, 'latin1');
      let at = 0;
      every(socket, everyMs, () => socket.write(rest[at++ % rest.length] ?? ' ', 'latin1'));
    });

/** Answers with `head` and then `part` again and again, each `everyMs`. */
export const repeat =
  (head: string, part: string, everyMs: number): Serve =>
  (socket) =>
    onRequest(socket, () => {
      if (head !== '') socket.write(head, 'latin1');
      every(socket, everyMs, () => socket.write(part, 'latin1'));
    });

/** Answers with `head` and then `part` again and again, as fast as the peer takes it. */
export const flood =
  (head: string, part: string | Buffer): Serve =>
  (socket) =>
    onRequest(socket, () => {
      const bytes = typeof part === 'string' ? Buffer.from(part, 'latin1') : part;
      if (head !== '') socket.write(head, 'latin1');
      // One after another: a peer that reads as fast as this writes must not starve the others.
      const push = () => {
        if (!socket.destroyed) socket.write(bytes, () => setImmediate(push));
      };
      push();
    });

function every(socket: Socket, everyMs: number, act: () => void): void {
  const timer = setInterval(act, everyMs);
  socket.on('close', () => clearInterval(timer));
}
