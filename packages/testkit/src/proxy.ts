import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy on the loopback: the load balancer before a database, and the network to it. */
export interface Proxy {
  readonly port: number;
  /** Ends all connections; new ones go to this port. */
  switchTo(port: number): void;
  /** Ends all connections, as a network that breaks; new ones are taken. */
  cut(): void;
  /** Ends all connections and refuses new ones. */
  refuse(): Promise<void>;
  /** Passes nothing on any more, in neither direction, and takes new connections in silence. */
  stall(): void;
  /** Passes on what comes, and no answers: the other side does what it is told, and nobody hears of it. */
  stallAnswers(): void;
  /** As at the beginning, after any of the others. What was stalled goes on where it was. */
  resume(): Promise<void>;
  /** Connections that are open now. */
  readonly connections: number;
  close(): Promise<void>;
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
}

export async function openProxy({ to }: { readonly to: number }): Promise<Proxy> {
  let target = to;
  let stalled: 'nothing' | 'answers' | 'all' = 'nothing';
  const pairs = new Set<Pair>();
  let server = await listen(0, take);
  const { port } = server.address() as AddressInfo;

  function take(near: Socket): void {
    const far = connect(target, '127.0.0.1');
    const pair = { near, far };
    pairs.add(pair);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        // Half-open stays half-open while nothing is passed on.
        if (stalled === 'nothing') other.destroy();
        if (near.destroyed && far.destroyed) pairs.delete(pair);
      });
      socket.pipe(other);
    }
    hold(pair);
  }

  /** A pipe that is taken apart leaves the bytes where they are: in the system's buffers. */
  function hold({ near, far }: Pair): void {
    if (stalled === 'all') near.unpipe(far).pause();
    if (stalled !== 'nothing') far.unpipe(near).pause();
  }

  function cut(): void {
    for (const { near, far } of pairs) {
      near.destroy();
      far.destroy();
    }
    pairs.clear();
  }

  const proxy: Proxy = {
    port,
    switchTo(next) {
      target = next;
      cut();
    },
    cut,
    async refuse() {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
    stall() {
      stalled = 'all';
      for (const pair of pairs) hold(pair);
    },
    stallAnswers() {
      stalled = 'answers';
      for (const pair of pairs) hold(pair);
    },
    async resume() {
      if (!server.listening) server = await listen(port, take);
      if (stalled === 'nothing') return;
      stalled = 'nothing';
      for (const { near, far } of pairs) {
        near.unpipe(far).pipe(far);
        far.unpipe(near).pipe(near);
        if (near.destroyed) far.destroy();
        if (far.destroyed) near.destroy();
      }
    },
    get connections() {
      return pairs.size;
    },
    async close() {
      if (server.listening) await proxy.refuse();
    },
  };
  return proxy;
}

async function listen(port: number, take: (socket: Socket) => void): Promise<Server> {
  const server = createServer(take).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
