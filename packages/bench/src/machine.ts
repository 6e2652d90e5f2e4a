import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';

/** Where and on what a run was made; goes above the table and into the JSON file. */
export interface Machine {
  readonly startedAt: string;
  readonly command: string;
  readonly commit: string;
  readonly node: string;
  readonly cpus: string;
  readonly memoryGb: number;
  readonly kernel: string;
  /** Processes that wanted to run in the last 1, 5 and 15 minutes before the run. */
  readonly loadBefore: readonly number[];
}

export function describeMachine(args: readonly string[]): Machine {
  return {
    startedAt: new Date().toISOString(),
    command: ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
    commit: commit(),
    node: process.version,
    cpus: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    loadBefore: loadavg().map((load) => Math.round(load * 100) / 100),
  };
}

function commit(): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
  try {
    const isChanged = git('status', '--porcelain', '--untracked-files=no') !== '';
    return git('rev-parse', '--short', 'HEAD') + (isChanged ? ' with changes' : '');
  } catch {
    return 'unknown';
  }
}
