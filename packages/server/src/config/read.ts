import { type Config, OPTIONS, type Options, SQLITE_URL, type ValuesOf } from './options.ts';

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

type Environment = Readonly<Record<string, string | undefined>>;

/** The configuration of the service: see {@link readOptions}. */
export function readConfig(environment: Environment, flags: readonly string[] = []): Config {
  return readOptions(OPTIONS, { environment, flags }, problemsTogether);
}

function problemsTogether(config: Partial<Config>): string[] {
  const { databaseUrl, secretKey, workers = 1 } = config;
  const problems = problemsOfOidc(config);
  if (databaseUrl?.startsWith('postgres') && secretKey === null)
    problems.push(`${OPTIONS.secretKey.variable} is required with PostgreSQL: the nodes share it`);
  if (databaseUrl === SQLITE_URL && workers > 1)
    problems.push(
      `${OPTIONS.workers.variable} must be 1 with SQLite, which is for one process: more use PostgreSQL (${OPTIONS.databaseUrl.variable})`,
    );
  return problems;
}

function problemsOfOidc(config: Partial<Config>): string[] {
  const { oidcIssuer, oidcClientId, oidcClientSecret, publicUrl } = config;
  const { variable } = OPTIONS.oidcIssuer;
  if (oidcIssuer === null) {
    return oidcClientId === null && oidcClientSecret === null
      ? []
      : [`${variable} is required with ${OPTIONS.oidcClientId.variable}: it is whom people go to`];
  }
  const problems: string[] = [];
  if (oidcClientId === null || oidcClientSecret === null)
    problems.push(
      `${OPTIONS.oidcClientId.variable} and ${OPTIONS.oidcClientSecret.variable} are required with ${variable}`,
    );
  if (publicUrl === null)
    problems.push(
      `${OPTIONS.publicUrl.variable} is required with ${variable}: the provider sends people back there`,
    );
  return problems;
}

/**
 * Turns environment variables and flags into typed values. The environment is read nowhere else.
 *
 * A flag wins over its variable: `--retry-schedule 1s,2s` over `POSTHORN_RETRY_SCHEDULE`.
 * Throws one {@link ConfigError} that names every mistake: wrong values, unknown flags, and what
 * `problemsOf` finds in the values together.
 */
export function readOptions<T extends Options>(
  options: T,
  { environment, flags }: { environment: Environment; flags: readonly string[] },
  problemsOf: (values: Partial<ValuesOf<T>>) => readonly string[] = () => [],
): ValuesOf<T> {
  const problems: string[] = [];
  const given = readFlags(flags, problems);
  const values: Partial<Record<string, unknown>> = {};

  for (const [name, option] of Object.entries(options)) {
    const fromFlag = given.get(option.variable);
    const fromVariable = environment[option.variable] || undefined;
    const { value, problem } = option.read(fromFlag ?? fromVariable);
    const isVariable = fromFlag === undefined && fromVariable !== undefined;
    if (problem)
      problems.push(`${isVariable ? option.variable : flagOf(option.variable)} ${problem}`);
    values[name] = value;
  }
  const known = new Set(Object.values(options).map((option) => option.variable));
  for (const variable of given.keys()) {
    if (!known.has(variable)) problems.push(`${flagOf(variable)} is not an option`);
  }
  problems.push(...problemsOf(values as Partial<ValuesOf<T>>));
  if (problems.length > 0) throw new ConfigError(problems);
  return values as ValuesOf<T>;
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
