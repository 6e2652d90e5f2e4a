import cluster, { type Worker } from 'node:cluster';
import type { Logger } from 'pino';
import type { Config } from '../config/options.ts';
import { createGathering } from './gather.ts';
import { type Greeting, showGreeting } from './greeting.ts';
import { isToPrimary, type ToWorker } from './messages.ts';
import { restartDelayMs } from './restart.ts';
import { onStopSignal, stopDeadlineMs } from './stop.ts';

/** A worker that stops at its own deadline is not cut off a moment before. */
const LAST_GRACE_MS = 2000;

/**
 * The first process of a service with several workers. It starts one, which makes the schema and
 * the operator's key if there are none, then the others; greets when all listen; replaces a worker
 * that dies; and stops them all. What a dead worker held goes to the one that takes its place.
 */
export async function serveByWorkers({
  config,
  log,
}: {
  config: Config;
  log: Logger;
}): Promise<number> {
  const living = new Set<Worker>();
  const listening = new Set<Worker>();
  const gathering = createGathering(() => [...living]);
  let isListening = false;
  let isStopping = false;
  let code = 0;

  onStopSignal(stop);
  const first = await start(1, 0);
  if (!first || isStopping) return code;
  const others = Array.from({ length: config.workers - 1 }, (_, i) => start(i + 2, 0));
  if ((await Promise.all(others)).includes(null) || isStopping) return code;
  isListening = true;
  showGreeting(first);
  return code;

  /** Resolves when the worker listens; null if it ended before. `deaths`: of its predecessors. */
  function start(number: number, deaths: number): Promise<Greeting | null> {
    const worker = cluster.fork();
    const startedAt = performance.now();
    living.add(worker);
    worker.send({ kind: 'start', number } satisfies ToWorker);
    return new Promise((resolve) => {
      let reason: string | null = null;
      worker.on('message', (message: unknown) => {
        if (!isToPrimary(message)) return;
        if (message.kind === 'listening') {
          listening.add(worker);
          resolve(message);
        } else if (message.kind === 'leaving') dismiss(worker);
        else if (message.kind === 'failed') reason = message.message;
        else if (message.kind === 'refused') fail(`Posthorn stops: ${message.message}`);
        else gathering.hear(worker, message);
      });
      worker.on('error', (error: NodeJS.ErrnoException) => {
        // We told it something at the moment of its death, of which the exit tells us next.
        if (error.code !== 'EPIPE') throw error;
      });
      worker.on('exit', (exitCode, signal) => {
        living.delete(worker);
        listening.delete(worker);
        resolve(null);
        reason ??= `it ended with ${signal ?? exitCode}`;
        if (isStopping) leave(exitCode !== 0 && signal !== 'SIGTERM');
        else if (isListening) replace(number, deaths, performance.now() - startedAt, reason);
        else fail(`Posthorn cannot start: ${reason}`);
      });
    });
  }

  function replace(number: number, deaths: number, livedMs: number, reason: string): void {
    const next = restartDelayMs(deaths, livedMs);
    log.error(
      { worker: number, reason, delayMs: next.delayMs },
      'a worker ended: starting another',
    );
    setTimeout(() => {
      if (!isStopping) void start(number, next.deaths);
    }, next.delayMs);
  }

  function fail(sentence: string): void {
    if (isStopping) return;
    process.stderr.write(`${sentence}\n`);
    code = 1;
    stop();
  }

  function stop(): void {
    if (isStopping) return;
    isStopping = true;
    for (const worker of living) {
      if (listening.has(worker)) dismiss(worker);
      // It has promised nothing yet.
      else worker.process.kill('SIGTERM');
    }
    setTimeout(
      () => {
        for (const worker of living) worker.process.kill('SIGKILL');
      },
      stopDeadlineMs(config) + LAST_GRACE_MS,
    ).unref();
    leave(false);
  }

  /**
   * Stops a worker that listens. Connections are handed out here, one after the other on the channel
   * of these messages: it takes those that were handed to it before, and gets none afterwards. With
   * the last worker we close the port, and refuse those that nobody took.
   */
  function dismiss(worker: Worker): void {
    if (worker.exitedAfterDisconnect || !worker.isConnected()) return;
    worker.send({ kind: 'stop' } satisfies ToWorker);
    worker.disconnect();
  }

  /** Ends the process with its last worker; `isBad`: one of them did not end well. */
  function leave(isBad: boolean): void {
    if (isBad) code = 1;
    if (living.size === 0) process.exit(code);
  }
}
