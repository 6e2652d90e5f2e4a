import type { FastifyReply } from 'fastify';

/** Bytes that wait for a client who does not read; what comes beyond is not kept for it. */
const MAX_WAITING_BYTES = 256 * 1024;

/** Server-sent events to one client, in bounded memory however slowly it reads. */
export interface EventStream {
  /** Not sent to a client that is behind: it is told `missed` when it has caught up. */
  send(event: string, data: object): void;
  /** The client was not sent something. */
  miss(): void;
  /** Shows proxies and the client that the connection lives. */
  beat(): void;
  /** Sends a last event and ends. */
  end(event: string, data: object): void;
}

/** Writes to an answer whose head is sent. */
export function createEventStream(response: FastifyReply['raw']): EventStream {
  let hasMissed = false;
  response.on('drain', () => {
    if (hasMissed) miss();
  });

  return {
    send(event, data) {
      if (isBehind()) hasMissed = true;
      else write(messageOf(event, data));
    },
    miss,
    beat() {
      if (!isBehind()) write(': beat\n\n');
    },
    end(event, data) {
      write(messageOf(event, data));
      response.end();
    },
  };

  /** What comes after the end, or after the client left, is for nobody. */
  function write(text: string): void {
    if (!response.writableEnded && !response.destroyed) response.write(text);
  }

  function isBehind(): boolean {
    return hasMissed || response.writableLength > MAX_WAITING_BYTES;
  }

  function miss(): void {
    hasMissed = response.writableLength > MAX_WAITING_BYTES;
    if (!hasMissed) write(messageOf('missed', {}));
  }
}

/** JSON has no line breaks of its own. */
function messageOf(event: string, data: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
