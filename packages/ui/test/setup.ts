import { execFileSync } from 'node:child_process';
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';

const UI = join(import.meta.dirname, '..');
const BUILD = join(UI, '../../scripts/build-ui.js');
const BUILT = join(UI, '../server/ui/.vite/manifest.json');

/**
 * Once before all browser tests: builds the pages if their sources are newer than what was built,
 * and unpacks the browser, which workers must not do at the same time.
 */
export async function setup(): Promise<void> {
  if (isStale()) execFileSync(process.execPath, [BUILD], { stdio: 'inherit' });
  if (process.platform === 'linux') await chromium.executablePath();
}

function isStale(): boolean {
  const builtAt = statSync(BUILT, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = globSync(
    ['{src,public}/**/*', '*.{ts,html,json}', '../sdk/src/**/*.ts', '../../examples/verify/*'],
    {
      cwd: UI,
    },
  );
  return sources.some((source) => statSync(join(UI, source)).mtimeMs > builtAt);
}
