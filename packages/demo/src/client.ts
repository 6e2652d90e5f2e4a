/** What the demo reads of the API's answers. */
export interface Webhook {
  readonly id: number;
  readonly name: string;
  readonly state: 'healthy' | 'failing' | 'open' | 'off' | 'disabled';
  readonly errorCount: number;
  readonly lastError: string | null;
}

export interface Delivery {
  readonly id: string;
  readonly event: string;
  readonly webhook: number;
  readonly webhookName: string;
  readonly state: 'due' | 'held' | 'sending' | 'delivered' | 'failed' | 'cancelled';
  readonly attempts: number;
  readonly createdAt: string;
  readonly nextAttemptAt: string | null;
  readonly deliveredAt: string | null;
}

export interface DeliveryWithAttempts extends Delivery {
  readonly attemptLog: readonly {
    readonly response: { readonly status: number } | null;
    readonly error: { readonly code: string; readonly detail: string } | null;
  }[];
}

export interface Inbox {
  readonly id: string;
  readonly url: string;
}

export interface InboxRequest {
  readonly signature: { readonly nexudus: string; readonly standard: string };
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly cursor: string | null;
}

export interface Client {
  get<T>(path: string): Promise<T>;
  send<T>(method: 'POST' | 'PUT' | 'PATCH', path: string, body?: object): Promise<T>;
  /** Reports a record as it stands; answers how many deliveries follow. */
  report(action: string, location: number, record: string): Promise<Reported>;
  /** Goes through all pages of a list. */
  all<T>(path: string): AsyncGenerator<T, void, undefined>;
}

export interface Reported {
  readonly id: string;
  readonly deliveries: number;
}

/** Calls the service as anybody would: over HTTP, with a key. Rejects with what the answer says. */
export function createClient(url: string, key: string): Client {
  return {
    get: (path) => call('GET', path),
    send: (method, path, body) => call(method, path, body && JSON.stringify(body)),
    async report(action, location, record) {
      const path = `/v1/events/${action}?location=${location}`;
      const { events } = await call<{ events: readonly Reported[] }>('POST', path, record);
      return events[0]!;
    },
    async *all<T>(path: string) {
      let cursor: string | null = null;
      do {
        const page: Page<T> = await call(
          'GET',
          cursor === null ? path : `${path}&cursor=${cursor}`,
        );
        yield* page.items;
        cursor = page.cursor;
      } while (cursor !== null);
    },
  };

  async function call<T>(method: string, path: string, body?: string): Promise<T> {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body ?? null,
      signal: AbortSignal.timeout(10_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answers ${response.status}: ${text}`);
    return JSON.parse(text) as T;
  }
}
