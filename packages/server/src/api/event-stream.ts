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
      else response.write(messageOf(event, data));
    },
    miss,
    beat() {
      if (!isBehind()) response.write(': beat\n\n');
    },
    end(event, data) {
      response.end(messageOf(event, data));
    },
  };

  function isBehind(): boolean {
    return hasMissed || response.writableLength > MAX_WAITING_BYTES;
  }

  function miss(): void {
    hasMissed = response.writableLength > MAX_WAITING_BYTES;
    if (!hasMissed) response.write(messageOf('missed', {}));
  }
}

/** JSON has no line breaks of its own. */
function messageOf(event: string, data: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
