import { useSyncExternalStore } from 'react';
import { texts } from '../texts/texts.ts';
import { utcOf } from './time.tsx';

const TICK_MS = 1000;

/** How long it is until an instant of the API, `in 5 min`, counting down; then `now`. */
export function Until({ at }: { readonly at: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={utcOf(new Date(at))}>
      {texts.parts.until(Math.max(0, Date.parse(at) - now))}
    </time>
  );
}

/** The present second, as it passes. */
export function useNow(): number {
  return useSyncExternalStore(everySecond, wholeSecond);
}

/** The same for a whole second, so that nothing is drawn that did not change. */
function wholeSecond(): number {
  const now = Date.now();
  return now - (now % TICK_MS);
}

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval>;

/** One timer for all that count down: a list has hundreds. */
function everySecond(listener: () => void): () => void {
  if (listeners.size === 0) timer = setInterval(tick, TICK_MS);
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(timer);
  };
}

function tick(): void {
  for (const tell of listeners) tell();
}
