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

function everySecond(listener: () => void): () => void {
  const timer = setInterval(listener, TICK_MS);
  return () => clearInterval(timer);
}
