import cluster from 'node:cluster';
import { type Logger, pino } from 'pino';
import type { Config } from '../config/options.ts';

export interface ServeInput {
  readonly config: Config;
  readonly version: string;
  /** Variables that look like options and are none. */
  readonly unknown: readonly string[];
}

/**
 * Starts the service, which runs until it is asked to stop, and returns the exit code that holds
 * for the process until then: 0, or 1 if it cannot start.
 *
 * With several workers the process that was started (the primary) starts them and watches over
 * them, and each of them is a node like any other. What a process does not need it does not load:
 * the primary stays small.
 */
export async function serve({ config, version, unknown }: ServeInput): Promise<number> {
  const log = openLog(config);
  if (cluster.isWorker) {
    const { serveAsWorker } = await import('./worker.ts');
    return serveAsWorker({ config, version, log });
  }
  if (unknown.length > 0)
    log.warn({ variables: unknown }, 'these variables are no options of Posthorn');
  if (config.workers > 1) {
    const { serveByWorkers } = await import('./primary.ts');
    return serveByWorkers({ config, log });
  }
  const { serveAlone } = await import('./alone.ts');
  return serveAlone({ config, version, log });
}

function openLog({ logLevel }: Config): Logger {
  return pino({ level: logLevel, base: null }, pino.destination({ dest: 2, sync: false }));
}
