import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { hostileCases } from './cases.ts';
import { openHostile } from './open-hostile.ts';

export interface HostileProcess {
  /** One URL for each hostile case that listens, in the order of the cases. */
  readonly urls: readonly string[];
  close(): Promise<void>;
}

/**
 * Opens all hostile listeners in a process of their own, so that what they cost is not measured
 * with what is under test.
 */
export async function openHostileProcess(): Promise<HostileProcess> {
  const child = fork(fileURLToPath(import.meta.url), [CHILD], { execArgv: [] });
  const [urls] = (await once(child, 'message')) as [string[]];
  return {
    urls,
    async close() {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

const CHILD = 'hostile-receivers';

if (process.argv[2] === CHILD) {
  const listeners = hostileCases.filter(({ target }) => target.kind === 'listener');
  const opened = await Promise.all(listeners.map(({ target }) => openHostile(target)));
  process.send?.(opened.map(({ url }) => url));
  process.on('disconnect', () => process.exit());
}
