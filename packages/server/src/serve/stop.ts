import type { App } from '../app.ts';

/** Beyond the deadline of the calls under way: to write down what they met. */
const STOP_GRACE_MS = 10_000;

/** How long a process may take to stop: calls end at their deadline at the latest. */
export function stopDeadlineMs({ requestTimeoutMs }: { requestTimeoutMs: number }): number {
  return requestTimeoutMs + STOP_GRACE_MS;
}

/** Until this is called signals end the process as they do by themselves. */
export function onStopSignal(act: () => void): void {
  process.on('SIGTERM', act);
  process.on('SIGINT', act);
}

/**
 * Stops the service once, whoever asks how often, and ends the process with the code that the first
 * one gave. Past the deadline something hangs, and leases cover it: 1.
 */
export function createStopping(config: { requestTimeoutMs: number }): {
  of(app: App): void;
  stop(code: number): void;
} {
  const { promise: started, resolve: start } = Promise.withResolvers<App>();
  let isStopping = false;
  return {
    of: start,
    stop,
  };

  function stop(code: number): void {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(1), stopDeadlineMs(config)).unref();
    void started.then((app) => app.stop()).then(() => process.exit(code));
  }
}
