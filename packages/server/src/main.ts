import packageJson from '../package.json' with { type: 'json' };
import { type Config, OPTIONS } from './config/options.ts';
import { ConfigError, flagOf, readConfig, unknownVariables } from './config/read.ts';
import { serve } from './serve/serve.ts';

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
  const config = configFrom(flags);
  if (config) {
    const unknown = unknownVariables(process.env);
    await serve({ config, version: packageJson.version, unknown });
  }
} else {
  process.stderr.write(`There is no command ${command}.\n\n${USAGE}`);
  process.exitCode = 2;
}

/** Null if it has mistakes: they are told, and the process ends with 2. */
function configFrom(given: readonly string[]): Config | null {
  try {
    return readConfig(process.env, given);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
    return null;
  }
}
