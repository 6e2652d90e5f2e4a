import { pino } from 'pino';
import packageJson from '../package.json' with { type: 'json' };
import { startApp } from './app.ts';
import { OPTIONS } from './config/options.ts';
import { ConfigError, flagOf, readConfig, unknownVariables } from './config/read.ts';
import { shedStartupMemory } from './shed-memory.ts';

/** Late enough that the first requests do not meet the pause. */
const SHED_AFTER_MS = 2000;

const USAGE = `posthorn-server serve [--port 4665] [--data-dir ./data] …

Every option is a variable or a flag:
${Object.values(OPTIONS)
  .map(
    (option) =>
      `  ${option.variable}, ${flagOf(option.variable)}\n      ${option.meaning} (${option.range}; default ${option.default ?? 'none'})`,
  )
  .join('\n')}
`;

const [command = 'serve', ...flags] = process.argv.slice(2);
if (command === '--help' || command === 'help' || flags.includes('--help')) {
  process.stdout.write(USAGE);
} else if (command === '--version') {
  process.stdout.write(`${packageJson.version}\n`);
} else if (command === 'serve') {
  await serve(flags);
} else {
  process.stderr.write(`There is no command ${command}.\n\n${USAGE}`);
  process.exitCode = 2;
}

async function serve(given: readonly string[]): Promise<void> {
  let config;
  try {
    config = readConfig(process.env, given);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
    return;
  }
  const log = pino(
    { level: config.logLevel, base: null },
    pino.destination({ dest: 2, sync: false }),
  );
  const unknown = unknownVariables(process.env);
  if (unknown.length > 0)
    log.warn({ variables: unknown }, 'these variables are no options of Posthorn');

  let app;
  try {
    app = await startApp({
      config,
      version: packageJson.version,
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
