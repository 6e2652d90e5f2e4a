import { PosthornError } from '@posthorn/sdk';
import { CommanderError } from 'commander';
import { buildProgram } from './program.ts';
import { inOneLine } from './clean.ts';
import { UsageError } from './values.ts';

// Nobody reads any more (`posthorn events list | head`): that is no failure.
process.stdout.on('error', () => process.exit(0));

try {
  const program = buildProgram({
    env: process.env,
    write: (text) => process.stdout.write(text),
    stdin: process.stdin,
  });
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

/** 0: done; 1: the service refused it or could not be reached; 2: the command was not understood. */
function exitCodeOf(error: unknown): 0 | 1 | 2 {
  // Commander has said what is wrong, or shown what was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof PosthornError) {
    process.stderr.write(`posthorn: ${inOneLine(error.message)} (${inOneLine(error.code)})\n`);
    return 1;
  }
  if (error instanceof UsageError) {
    process.stderr.write(`posthorn: ${inOneLine(error.message)}\n`);
    return 2;
  }
  throw error;
}
