import { useEffect, useEffectEvent, useState } from 'react';

/** What arrives: the kind of the message and its data, as the service sends them. */
export interface LiveMessage {
  readonly kind: string;
  readonly data: unknown;
}

export interface LiveQuery {
  /** Kinds of messages; none given: all. */
  readonly kinds?: readonly string[];
  readonly webhook?: number;
  readonly inbox?: string;
}

/** `missed`: the page was behind or away, so that what it shows has to be read again. */
const KINDS = ['delivery', 'event', 'webhook', 'request', 'missed'] as const;

const FIRST_DELAY_MS = 1000;
const LAST_DELAY_MS = 30_000;

interface Follow {
  readonly query: LiveQuery;
  readonly onMessage: (message: LiveMessage) => void;
  /** True once connected, false when the connection is lost and a new one is being made. */
  readonly onConnected: (isConnected: boolean) => void;
}

/**
 * Follows `GET /v1/live` until the returned function is called. A browser gives up on an event
 * stream that is answered with an error, such as that of a proxy while the service restarts: so a
 * new one is made, after a delay that doubles up to half a minute. Whenever it begins to follow the
 * page hears `missed`: what it read before may have changed since.
 */
export function followLive({ query, onMessage, onConnected }: Follow): () => void {
  const url = `/v1/live${searchOf(query)}`;
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let delayMs = FIRST_DELAY_MS;

  const connect = () => {
    source = new EventSource(url);
    source.addEventListener('open', () => {
      delayMs = FIRST_DELAY_MS;
      onConnected(true);
      onMessage({ kind: 'missed', data: null });
    });
    source.addEventListener('error', () => {
      onConnected(false);
      source.close();
      timer = setTimeout(connect, delayMs);
      delayMs = Math.min(delayMs * 2, LAST_DELAY_MS);
    });
    for (const kind of KINDS) {
      source.addEventListener(kind, ({ data }: MessageEvent<string>) =>
        onMessage({ kind, data: parsed(data) }),
      );
    }
  };
  connect();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}

/** Follows what happens while the component is shown; true while connected. Null: nothing. */
export function useLive(
  query: LiveQuery | null,
  onMessage: (message: LiveMessage) => void,
): boolean {
  const [isConnected, setConnected] = useState(false);
  const handle = useEffectEvent(onMessage);
  const key = JSON.stringify(query);
  useEffect(() => {
    const wanted = JSON.parse(key) as LiveQuery | null;
    if (wanted === null) return undefined;
    const stop = followLive({
      query: wanted,
      onMessage: (message) => handle(message),
      onConnected: setConnected,
    });
    return () => {
      stop();
      setConnected(false);
    };
  }, [key]);
  return isConnected;
}

function searchOf({ kinds, webhook, inbox }: LiveQuery): string {
  const search = new URLSearchParams();
  if (kinds !== undefined) search.set('kinds', kinds.join(','));
  if (webhook !== undefined) search.set('webhook', String(webhook));
  if (inbox !== undefined) search.set('inbox', inbox);
  return search.size === 0 ? '' : `?${search.toString()}`;
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}
