import packageJson from '../package.json' with { type: 'json' };
import type { Command } from './commands/command.ts';
import { serve } from './commands/serve.ts';
import { ConfigError } from './config/read.ts';

/** Loaded when they are asked for: a process that starts workers stays small. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => serve,
  move: async () => (await import('./commands/move.ts')).move,
  reopen: async () => (await import('./commands/reopen.ts')).reopen,
  'rotate-key': async () => (await import('./commands/rotate-key.ts')).rotateKey,
  user: async () => (await import('./commands/user.ts')).user,
};

const USAGE = `posthorn-server [serve|move|reopen|rotate-key|user] …

  serve       run the service; without a command this is meant
  move        copy an SQLite store into PostgreSQL, to run more than one process
  reopen      return to an SQLite store that was moved
  rotate-key  change the key that encrypts the secrets at rest
  user add    make a person who may sign in

posthorn-server COMMAND --help says more.

`;

const [name = 'serve', ...flags] = process.argv.slice(2);
const command = Object.hasOwn(COMMANDS, name) ? await COMMANDS[name]!() : undefined;
if (name === '--help' || name === 'help') {
  process.stdout.write(USAGE + serve.usage);
} else if (name === '--version') {
  process.stdout.write(`${packageJson.version}\n`);
} else if (!command) {
  process.stderr.write(`There is no command ${name}.\n\n${USAGE}`);
  process.exitCode = 2;
} else if (flags.includes('--help')) {
  process.stdout.write(command.usage);
} else {
  process.exitCode = await run(command);
}

async function run(known: Command): Promise<number> {
  try {
    return await known.run({ environment: process.env, flags, version: packageJson.version });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
}
