import { useDocumentVisibility } from '@mantine/hooks';
import { type LiveMessage, type LiveQuery, PosthornError } from '@posthorn/sdk';
import { useEffect, useEffectEvent, useState } from 'react';
import { posthorn } from './client.ts';

const FIRST_DELAY_MS = 1000;
const LAST_DELAY_MS = 30_000;

/**
 * Follows what happens while the component is shown; true while connected. Null: nothing. A tab that
 * nobody looks at lets its connection go, since a browser has six of them to a service and no more.
 * Whenever it begins to follow the page hears `missed`: what it read before may have changed since.
 */
export function useLive(
  query: Omit<LiveQuery, 'signal'> | null,
  onMessage: (message: LiveMessage) => void,
): boolean {
  const [isConnected, setConnected] = useState(false);
  const isLookedAt = useDocumentVisibility() === 'visible';
  const handle = useEffectEvent(onMessage);
  const key = query !== null && isLookedAt ? JSON.stringify(query) : null;
  useEffect(() => {
    if (key === null) return undefined;
    const left = new AbortController();
    void follow({
      query: { ...(JSON.parse(key) as LiveQuery), signal: left.signal },
      onMessage: (message) => handle(message),
      onConnected: setConnected,
    });
    return () => {
      left.abort();
      setConnected(false);
    };
  }, [key]);
  return isConnected;
}

interface Follow {
  readonly query: LiveQuery & { readonly signal: AbortSignal };
  readonly onMessage: (message: LiveMessage) => void;
  /** True once connected, false when the connection is lost and a new one is being made. */
  readonly onConnected: (isConnected: boolean) => void;
}

/**
 * Until the signal ends it. A connection that is lost, such as by a restart of the service, is made
 * again after a delay that doubles up to half a minute.
 */
async function follow({ query, onMessage, onConnected }: Follow): Promise<void> {
  let delayMs = FIRST_DELAY_MS;
  while (!query.signal.aborted) {
    try {
      for await (const message of posthorn.live(query)) {
        if (message.kind === 'listening') {
          delayMs = FIRST_DELAY_MS;
          onConnected(true);
          onMessage({ kind: 'missed', data: {} });
        } else {
          onMessage(message);
        }
      }
    } catch (error) {
      if (query.signal.aborted) return;
      if (!(error instanceof PosthornError)) throw error;
    }
    onConnected(false);
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    delayMs = Math.min(delayMs * 2, LAST_DELAY_MS);
  }
}
