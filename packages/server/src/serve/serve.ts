import { type Logger, pino } from 'pino';
import type { Config } from '../config/options.ts';
import { serveAlone } from './alone.ts';

export interface ServeInput {
  readonly config: Config;
  readonly version: string;
  /** Variables that look like options and are none. */
  readonly unknown: readonly string[];
}

/** Runs the service until it is asked to stop; the process ends with the code that says how. */
export async function serve({ config, version, unknown }: ServeInput): Promise<void> {
  const log = openLog(config);
  if (unknown.length > 0)
    log.warn({ variables: unknown }, 'these variables are no options of Posthorn');
  await serveAlone({ config, version, log });
}

function openLog({ logLevel }: Config): Logger {
  return pino({ level: logLevel, base: null }, pino.destination({ dest: 2, sync: false }));
}
