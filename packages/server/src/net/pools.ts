import { Client, Dispatcher, errors } from 'undici';

/** A connection that never rests is replaced after this time, so that changes in DNS are noticed. */
const MAX_CONNECTION_AGE_MS = 300_000;

interface Pooled {
  readonly client: Client;
  readonly madeAt: number;
  isIdle: boolean;
}

/**
 * One undici client, and so one connection, per request under way; kept-alive ones are used
 * again, the one that rested least first. Unlimited: the lanes bound what is under way.
 *
 * Why not undici's own Pool: it looks through all its clients at every request. With 160 calls at
 * once to one origin, as 16 lanes of 10 make them, a call costs about 50 µs there and 25 µs here.
 */
export class ClientPools extends Dispatcher {
  readonly #options: Client.Options;
  readonly #idle = new Map<string, Pooled[]>();
  readonly #all = new Set<Pooled>();
  #isClosed = false;

  constructor(options: Client.Options) {
    super();
    this.#options = options;
  }

  override dispatch(
    options: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): boolean {
    if (this.#isClosed) {
      handler.onResponseError?.(null as never, new errors.ClientDestroyedError());
      return false;
    }
    const origin = String(options.origin);
    const pooled = this.#take(origin);
    pooled.client.dispatch(options, handler);
    return true;
  }

  override async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#all].map(({ client }) => client.close()));
  }

  override async destroy(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#all].map(({ client }) => client.destroy()));
  }

  #take(origin: string): Pooled {
    const pooled = this.#idle.get(origin)?.pop() ?? this.#make(origin);
    if (Date.now() - pooled.madeAt > MAX_CONNECTION_AGE_MS) {
      this.#drop(origin, pooled);
      return this.#take(origin);
    }
    pooled.isIdle = false;
    return pooled;
  }

  #make(origin: string): Pooled {
    const client = new Client(origin, this.#options);
    const pooled: Pooled = { client, madeAt: Date.now(), isIdle: false };
    this.#all.add(pooled);
    client.on('drain', () => this.#rest(origin, pooled));
    // The receiver or the keep-alive time ended it. While a request is under way the client
    // connects again by itself; at rest it has served.
    client.on('disconnect', () => {
      if (pooled.isIdle && !this.#isClosed) this.#drop(origin, pooled);
    });
    return pooled;
  }

  #rest(origin: string, pooled: Pooled): void {
    if (pooled.isIdle || this.#isClosed) return;
    pooled.isIdle = true;
    const idle = this.#idle.get(origin);
    if (idle) idle.push(pooled);
    else this.#idle.set(origin, [pooled]);
  }

  #drop(origin: string, pooled: Pooled): void {
    this.#all.delete(pooled);
    pooled.isIdle = false;
    const idle = this.#idle.get(origin) ?? [];
    const at = idle.indexOf(pooled);
    if (at !== -1) idle.splice(at, 1);
    if (idle.length === 0) this.#idle.delete(origin);
    void pooled.client.close();
  }
}
