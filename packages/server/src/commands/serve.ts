import { pino } from 'pino';
import { startApp } from '../app.ts';
import { OPTIONS } from '../config/options.ts';
import { readConfig, unknownVariables } from '../config/read.ts';
import { shedStartupMemory } from '../shed-memory.ts';
import { type Command, listOptions } from './command.ts';

/** Late enough that the first requests do not meet the pause. */
const SHED_AFTER_MS = 2000;

/** The service itself: it goes on after `run` until a signal ends the process. */
export const serve: Command = {
  usage: `posthorn-server serve [--port 4665] [--data-dir ./data] …

Runs the service. Every option is a variable or a flag:
${listOptions(OPTIONS)}
`,
  async run({ environment, flags, version }) {
    const config = readConfig(environment, flags);
    const log = pino(
      { level: config.logLevel, base: null },
      pino.destination({ dest: 2, sync: false }),
    );
    const unknown = unknownVariables(environment);
    if (unknown.length > 0)
      log.warn({ variables: unknown }, 'these variables are no options of Posthorn');

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
      return 1;
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
    return 0;
  },
};

function showFirstKey(key: string): void {
  process.stdout.write(`\n  Your operator API key, shown this once: ${key}\n`);
}

function greeting(url: string, firstKey: string | null): string {
  const key = firstKey ?? '$POSTHORN_API_KEY';
  return [
    '',
    '  Try it: make a receiver, a webhook to it, and report a booking.',
    '',
    `    curl -X POST ${url}/v1/inboxes -H "authorization: Bearer ${key}"`,
    `    curl -X POST ${url}/v1/webhooks -H "authorization: Bearer ${key}" -H 'content-type: application/json' \\`,
    `      -d '{"name":"First","actions":["*"],"url":"URL OF THE INBOX"}'`,
    `    curl -X POST ${url}/v1/events/BookingCreate -H "authorization: Bearer ${key}" -H 'content-type: application/json' \\`,
    `      -d '{"Id":1,"ResourceName":"Room Oak"}'`,
    '',
    `  API documentation: ${url}/docs`,
    '',
    `Posthorn is listening on ${url}`,
    '',
  ].join('\n');
}
