import { useSyncExternalStore } from 'react';
import { posthorn } from './client.ts';
import { isGone } from './problems.ts';

/** Between two looks for a service that is gone: a restart takes about a second. */
const LOOK_MS = 2000;

let isReachable = true;
const listeners = new Set<() => void>();

/** A request met nobody: says so to every page, and looks until the service answers again. */
export function reportGone(): void {
  if (!isReachable) return;
  tell(false);
  const look = async () => {
    const isStillGone = await posthorn.session.ways().then(() => false, isGone);
    if (isStillGone) setTimeout(() => void look(), LOOK_MS);
    else tell(true);
  };
  setTimeout(() => void look(), LOOK_MS);
}

/** Whether the service answers, as far as this page knows. */
export function useReachable(): boolean {
  return useSyncExternalStore(subscribe, () => isReachable);
}

/** Calls `listener` whenever the service goes or comes back; returns what ends that. */
export function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(now: boolean): void {
  isReachable = now;
  for (const listener of listeners) listener();
}
