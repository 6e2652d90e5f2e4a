import { type App, startApp } from '../app.ts';
import { showFirstKey, showGreeting } from './greeting.ts';
import type { ServeNeeds } from './needs.ts';
import { shedMemoryLater } from './shed-memory.ts';
import { createStopping, onStopSignal } from './stop.ts';

/** One process does all. */
export async function serveAlone({ config, version, log }: ServeNeeds): Promise<number> {
  const stopping = createStopping(config);
  let app: App;
  let setupLink: string | null;
  try {
    app = await startApp({
      config,
      version,
      log,
      showFirstKey,
      onRefused(refusal) {
        process.stderr.write(`Posthorn stops: ${refusal}\n`);
        stopping.stop(1);
      },
      onStoreLost(error) {
        // Whoever started the process starts it again; leases are released then.
        process.stderr.write(`The store is lost: ${error.message}\n`);
        process.exit(1);
      },
    });
    setupLink = await app.makeSetupLink();
  } catch (error) {
    process.stderr.write(`Posthorn cannot start: ${(error as Error).message}\n`);
    return 1;
  }
  stopping.of(app);
  // Not before: a process without a service has promised nothing yet, and may end at once.
  onStopSignal(() => stopping.stop(0));
  // Last: whoever waits for this line may ask it to stop at once.
  showGreeting({ url: app.url, firstKey: app.firstKey, setupLink });
  shedMemoryLater();
  return 0;
}
