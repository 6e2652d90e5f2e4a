import { type Config, OPTIONS, type OptionName, SQLITE_URL } from './options.ts';

/** Read by `telemetry/failpoint.ts` only: crash tests name a point at which the process dies. */
const FAILPOINT_VARIABLE = 'POSTHORN_FAILPOINT';

/** All that is wrong with a configuration, one line per mistake. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length === 1 ? 'a mistake' : 'mistakes'}:\n  ${problems.join('\n  ')}`,
    );
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/**
 * Turns environment variables and flags into typed configuration. The environment is read nowhere else.
 *
 * A flag wins over its variable: `--retry-schedule 1s,2s` over `POSTHORN_RETRY_SCHEDULE`.
 * Throws one {@link ConfigError} that names every mistake: wrong values and unknown flags.
 */
export function readConfig(
  environment: Readonly<Record<string, string | undefined>>,
  flags: readonly string[] = [],
): Config {
  const problems: string[] = [];
  const given = readFlags(flags, problems);
  const known = new Set<string>();
  const config: Partial<Record<OptionName, unknown>> = {};

  for (const [name, option] of Object.entries(OPTIONS)) {
    known.add(option.variable);
    const fromFlag = given.get(option.variable);
    const { value, problem } = option.read(fromFlag ?? (environment[option.variable] || undefined));
    if (problem)
      problems.push(
        `${fromFlag === undefined ? option.variable : flagOf(option.variable)} ${problem}`,
      );
    config[name as OptionName] = value;
  }
  for (const variable of given.keys()) {
    if (!known.has(variable)) problems.push(`${flagOf(variable)} is not an option`);
  }
  if (String(config.databaseUrl).startsWith('postgres') && config.secretKey === null)
    problems.push(`${OPTIONS.secretKey.variable} is required with PostgreSQL: the nodes share it`);
  if (config.databaseUrl === SQLITE_URL && Number(config.workers) > 1)
    problems.push(
      `${OPTIONS.workers.variable} must be 1 with SQLite, which is for one process: more use PostgreSQL (${OPTIONS.databaseUrl.variable})`,
    );
  if (problems.length > 0) throw new ConfigError(problems);
  return config as Config;
}

/** `POSTHORN_…` variables that no option reads: likely typing errors, worth a warning. */
export function unknownVariables(environment: Readonly<Record<string, unknown>>): string[] {
  const known = new Set<string>(Object.values(OPTIONS).map((option) => option.variable));
  return Object.keys(environment).filter(
    (name) => name.startsWith('POSTHORN_') && name !== FAILPOINT_VARIABLE && !known.has(name),
  );
}

/** `POSTHORN_DATA_DIR` as a flag: `--data-dir`. */
export function flagOf(variable: string): string {
  return `--${variable
    .replace(/^POSTHORN_/, '')
    .toLowerCase()
    .replaceAll('_', '-')}`;
}

function readFlags(flags: readonly string[], problems: string[]): Map<string, string> {
  const given = new Map<string, string>();
  for (let i = 0; i < flags.length; i++) {
    const match = /^--([a-z][a-z-]*)(?:=(.*))?$/s.exec(flags[i]!);
    if (!match) {
      problems.push(`${flags[i]} is not a flag`);
      continue;
    }
    const value = match[2] ?? flags[++i];
    if (value === undefined) problems.push(`--${match[1]} needs a value`);
    else given.set(`POSTHORN_${match[1]!.toUpperCase().replaceAll('-', '_')}`, value);
  }
  return given;
}
