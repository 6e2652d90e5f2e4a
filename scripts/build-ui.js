// Builds the pages that the server shows. npm runs it after an install (`prepare`): in plain
// JavaScript, as it also runs where the development dependencies were left out, with whatever Node
// there is; then there is nothing to build with.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const vite = fileURLToPath(new URL('../node_modules/vite/bin/vite.js', import.meta.url));

if (existsSync(vite)) {
  const { status } = spawnSync(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: new URL('../packages/ui/', import.meta.url),
    stdio: 'inherit',
    // Also within tests, which run as `test`.
    env: { ...process.env, NODE_ENV: 'production' },
  });
  process.exitCode = status ?? 1;
} else {
  console.log('The pages are not built: what builds them is not installed.');
}
