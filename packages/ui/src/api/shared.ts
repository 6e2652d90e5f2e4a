import { useSyncExternalStore } from 'react';

/** Something that is so for all pages; those that show it are told when it changes. */
export function createShared<Value>(first: Value) {
  let value = first;
  const listeners = new Set<() => void>();
  /** Calls `listener` at every change; returns what ends that. */
  const subscribe = (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    get: () => value,
    set(now: Value): void {
      if (now === value) return;
      value = now;
      for (const listener of listeners) listener();
    },
    subscribe,
    use: () => useSyncExternalStore(subscribe, () => value),
  };
}
