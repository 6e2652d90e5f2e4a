import { connect, type Socket } from 'node:net';

/**
 * HTTP requests that cost the load generator as little as possible: raw sockets that are kept, one
 * request under way on each, and as many sockets as there are requests at once.
 */
export interface RawRequests {
  /** Sends a full request; resolves at a 2xx and rejects otherwise. */
  send(request: Buffer): Promise<void>;
  close(): void;
}

interface Connection {
  readonly socket: Socket;
  answered: ((error?: Error) => void) | null;
}

/** New sockets go to the ports in turn. */
export function openRawRequests(ports: readonly number[]): RawRequests {
  const free: Connection[] = [];
  const all = new Set<Connection>();
  let opened = 0;

  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        const connection = free.pop() ?? open();
        connection.answered = (error) => {
          connection.answered = null;
          if (error) return reject(error);
          free.push(connection);
          resolve();
        };
        connection.socket.write(request);
      }),
    close() {
      for (const { socket } of all) socket.end();
    },
  };

  function open(): Connection {
    const port = ports[opened++ % ports.length]!;
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const connection: Connection = { socket, answered: null };
    all.add(connection);
    let head = '';
    socket.on('data', (chunk) => {
      head += chunk.toString('latin1');
      const headEnd = head.indexOf('\r\n\r\n');
      if (headEnd === -1) return;
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (head.length < headEnd + 4 + length) return;
      const isWell = head.startsWith('HTTP/1.1 2');
      const answer = head;
      head = '';
      connection.answered?.(isWell ? undefined : new Error(`refused: ${answer.slice(0, 300)}`));
    });
    socket.on('error', (error) => connection.answered?.(error));
    // The server closes what is idle for some seconds.
    socket.on('close', () => {
      connection.answered?.(new Error('the connection was closed'));
      all.delete(connection);
      const at = free.indexOf(connection);
      if (at !== -1) free.splice(at, 1);
    });
    return connection;
  }
}
