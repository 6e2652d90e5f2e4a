import type { Options } from '../config/options.ts';
import { flagOf } from '../config/read.ts';

/** What `posthorn-server NAME` does. */
export interface Command {
  /** The whole text of `posthorn-server NAME --help`. */
  readonly usage: string;
  /** Returns the exit code. Throws ConfigError for mistakes in variables and flags. */
  run(input: CommandInput): Promise<number>;
}

export interface CommandInput {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly flags: readonly string[];
  /** Of this program. */
  readonly version: string;
}

/** Options as they stand in a usage. */
export function listOptions(options: Options): string {
  return Object.values(options)
    .map(
      ({ variable, meaning, range, default: fallback }) =>
        `  ${variable}, ${flagOf(variable)}\n      ${meaning} (${range}; default ${fallback ?? 'none'})`,
    )
    .join('\n');
}
