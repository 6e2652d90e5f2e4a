import { useEffect, useEffectEvent, useState } from 'react';

/** What happens many times a second is read again this often at most. */
const PAUSE_MS = 500;

/**
 * Calls `act` soon after it was asked to, once for all the times it was asked meanwhile: for lists
 * that are read again when something arrives, however much arrives.
 */
export function useSoon(act: () => unknown): () => void {
  const [isAsked, setAsked] = useState(false);
  const run = useEffectEvent(act);
  useEffect(() => {
    if (!isAsked) return undefined;
    const timer = setTimeout(() => {
      setAsked(false);
      run();
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [isAsked]);
  return () => setAsked(true);
}
