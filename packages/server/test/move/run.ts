import { runToEnd } from '../start.ts';

/** The old store of every move, whatever engine the run is for. */
export const ON_SQLITE = { POSTHORN_DATABASE_URL: undefined, POSTHORN_SECRET_KEY: undefined };

type Ended = Awaited<ReturnType<typeof runToEnd>>;

/** Runs `posthorn-server move` until it ends, or is killed at the deadline or its failpoint. */
export function runMove(
  dataDir: string,
  to: string | null,
  more: { env?: Readonly<Record<string, string>>; deadlineMs?: number } = {},
): Promise<Ended> {
  const { env = {}, deadlineMs = 60_000 } = more;
  return runToEnd({
    dataDir,
    command: ['move', ...(to === null ? [] : ['--to', to])],
    env: { ...ON_SQLITE, ...env },
    deadlineMs,
  });
}

export function runReopen(dataDir: string): Promise<Ended> {
  return runToEnd({ dataDir, command: ['reopen'], env: ON_SQLITE });
}

/** A start of the service that is meant to fail. */
export function runServe(dataDir: string, databaseUrl?: string): Promise<Ended> {
  return runToEnd({
    dataDir,
    env:
      databaseUrl === undefined
        ? ON_SQLITE
        : { POSTHORN_DATABASE_URL: databaseUrl, POSTHORN_SECRET_KEY: 'ab'.repeat(32) },
  });
}
