import type { Logger } from 'pino';
import { startApp } from '../app.ts';
import type { Config } from '../config/options.ts';
import { greeting, showFirstKey } from './greeting.ts';
import { shedStartupMemory } from './shed-memory.ts';

/** Late enough that the first requests do not meet the pause. */
const SHED_AFTER_MS = 2000;

export interface ServeNeeds {
  readonly config: Config;
  readonly version: string;
  readonly log: Logger;
}

/** One process does all. */
export async function serveAlone({ config, version, log }: ServeNeeds): Promise<void> {
  let app;
  try {
    app = await startApp({
      config,
      version,
      log,
      showFirstKey,
      onStoreLost(error) {
        // Whoever started the process starts it again; leases are released then.
        process.stderr.write(`The store is lost: ${error.message}\n`);
        process.exit(1);
      },
    });
  } catch (error) {
    process.stderr.write(`Posthorn cannot start: ${(error as Error).message}\n`);
    process.exitCode = 1;
    return;
  }
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    // Calls end at their deadline at the latest; past it something hangs, and leases cover it.
    setTimeout(() => process.exit(1), config.requestTimeoutMs + 10_000).unref();
    void app.stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // Last: whoever waits for this line may ask it to stop at once.
  process.stdout.write(greeting(app.url, app.firstKey));
  setTimeout(shedStartupMemory, SHED_AFTER_MS).unref();
}
