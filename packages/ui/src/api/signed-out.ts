import { useSyncExternalStore } from 'react';

let isSignedOut = false;
const listeners = new Set<() => void>();

/** A request was refused since nobody is signed in any more; or somebody is again. */
export function tellSignedOut(now: boolean): void {
  if (now === isSignedOut) return;
  isSignedOut = now;
  for (const listener of listeners) listener();
}

/** Whether the session ended while pages were shown. */
export function useSignedOut(): boolean {
  return useSyncExternalStore(subscribe, () => isSignedOut);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
