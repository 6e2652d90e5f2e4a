import { errorOf, PosthornError } from './error.ts';
import { createSilence } from './silence.ts';
import { readEvents, type ServerSentEvent } from './stream.ts';

/** Where Posthorn is, and who asks. */
export interface ClientOptions {
  /** Such as `http://127.0.0.1:4665`; may have a path, if a proxy puts Posthorn below one. */
  readonly url: string;
  /**
   * An API key; nothing but the actions can be read without one. In a page of the service itself the
   * browser adds the cookie of who is signed in.
   */
  readonly key?: string;
  /** For one request, up to the last byte of the answer. Default: 30 s. */
  readonly timeoutMs?: number;
  /** Default: the platform's. */
  readonly fetch?: typeof fetch;
}

/** Of one call of the client. */
export interface CallOptions {
  /** Ends the request; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

type QueryValue = string | number | boolean | Date | null | undefined;
export type Query = Readonly<Record<string, QueryValue>>;

export interface RequestInput extends CallOptions {
  /** Sent as JSON; text and bytes as they are. */
  readonly body?: object | string | Uint8Array | undefined;
  readonly query?: Query;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request. Undefined for an answer without a body. */
export type Send = <T>(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  input?: RequestInput,
) => Promise<T>;

/** Reads an answer as the text that it is, every digit as it was sent. */
export type Read = (path: string, input?: CallOptions) => Promise<string>;

const TIMEOUT_MS = 30_000;
/** The service shows every 15 s that a stream lives. */
const SILENCE_MS = 40_000;

/** Opens a stream of server-sent events, and reads it until it ends. */
export type OpenStream = (
  path: string,
  input: Pick<RequestInput, 'query' | 'signal'>,
) => AsyncGenerator<ServerSentEvent, void, undefined>;

/** The ways to ask a service. */
export interface Requests {
  readonly send: Send;
  readonly read: Read;
  readonly open: OpenStream;
}

/** Checks the options now, so that a mistake is not met at the first request. */
export function createRequests(options: ClientOptions): Requests {
  const { key, timeoutMs = TIMEOUT_MS } = options;
  const ask = options.fetch ?? globalThis.fetch.bind(globalThis);
  const base = baseOf(options.url);
  if (!(timeoutMs > 0)) throw new RangeError(`timeoutMs: ${timeoutMs} is not above 0`);
  if (key !== undefined && !/^[\x21-\x7e]+$/.test(key)) {
    throw new TypeError('key: is not an API key');
  }

  return {
    async send<T>(method: string, path: string, input?: RequestInput) {
      const { response, text } = await exchange(method, path, input);
      return (text === '' ? undefined : answerOf(response, text)) as T;
    },

    read: async (path, input) => (await exchange('GET', path, input)).text,

    async *open(path, { signal, query }) {
      signal?.throwIfAborted();
      const silence = createSilence(SILENCE_MS);
      try {
        const asked = request('GET', path, {
          ...(query && { query }),
          headers: { accept: 'text/event-stream' },
          signal: signal ? AbortSignal.any([signal, silence.signal]) : silence.signal,
        });
        const response = await silence.limit(asked);
        if (!response.ok || !response.body)
          throw errorOf(response, await silence.limit(response.text()));
        yield* readEvents(response.body, silence);
      } catch (cause) {
        signal?.throwIfAborted();
        if (cause instanceof PosthornError) throw cause;
        const why = silence.signal.aborted ? `silent for ${SILENCE_MS} ms` : reasonOf(cause);
        throw unreachable(`GET ${base}${path}: ${why}`, cause);
      }
    },
  };

  /** One request and its whole answer, which is a good one. */
  async function exchange(method: string, path: string, input: RequestInput = {}) {
    const { signal } = input;
    signal?.throwIfAborted();
    const timeout = AbortSignal.timeout(timeoutMs);
    let response: Response;
    let text: string;
    try {
      response = await request(method, path, {
        ...input,
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      text = await response.text();
    } catch (cause) {
      signal?.throwIfAborted();
      const why = timeout.aborted ? `no answer within ${timeoutMs} ms` : reasonOf(cause);
      throw unreachable(`${method} ${base}${path}: ${why}`, cause);
    }
    if (!response.ok) throw errorOf(response, text);
    return { response, text };
  }

  function request(method: string, path: string, input: RequestInput): Promise<Response> {
    const { body, query = {}, headers = {}, signal } = input;
    return ask(base + path + searchOf(query), {
      method,
      headers: {
        accept: 'application/json',
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? null : bytesOf(body),
      // The key goes to the host that it was given for.
      redirect: 'manual',
      ...(signal && { signal }),
    });
  }
}

function unreachable(message: string, cause: unknown): PosthornError {
  return new PosthornError({ code: 'unreachable', message, cause });
}

function baseOf(url: string): string {
  const { protocol, origin, pathname } = new URL(url);
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new TypeError(`url: ${protocol} is neither http: nor https:`);
  }
  return origin + pathname.replace(/\/+$/, '');
}

function searchOf(query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value == null) continue;
    search.set(name, value instanceof Date ? value.toISOString() : String(value));
  }
  return search.size === 0 ? '' : `?${search.toString()}`;
}

function bytesOf(body: object | string | Uint8Array): string | Uint8Array<ArrayBuffer> {
  if (typeof body === 'string') return body;
  return body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body);
}

function answerOf(response: Response, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PosthornError({
      code: 'unexpected_answer',
      status: response.status,
      message: 'The answer is not JSON.',
      cause,
    });
  }
}

/** `fetch failed` says nothing; its cause does. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  const { code, message: detail } = (cause ?? {}) as { code?: string; message?: string };
  return code ?? detail ?? message;
}
