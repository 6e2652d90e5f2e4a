import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import type { Sent } from './requests.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const DEADLINE_MS = 10_000;

/** Sends requests over a few kept connections. Rejects if no answer has come in ten seconds. */
export function createSend(url: string): {
  readonly send: (sent: Sent) => Promise<Answer>;
  readonly close: () => void;
} {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });
  return { send, close: () => agent.destroy() };

  function send({ method, path, body, ...sent }: Sent): Promise<Answer> {
    // By itself Node frames the body of a GET by nothing, which makes a second request of it.
    const headers =
      body === undefined
        ? sent.headers
        : { ...sent.headers, 'content-length': Buffer.byteLength(body) };
    return new Promise((resolve, reject) => {
      const outgoing = request(
        { agent, hostname, port, method, path, headers, signal: AbortSignal.timeout(DEADLINE_MS) },
        (incoming) => {
          let text = '';
          const done = () =>
            resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text });
          // A stream of events goes on for ever: that it begins is its answer.
          if (incoming.headers['content-type']?.startsWith('text/event-stream') === true) {
            done();
            outgoing.destroy();
            return;
          }
          incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
          incoming.on('end', done).on('error', reject);
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }
}
