// Says how much JavaScript a browser loads before the first page of somebody who is signed in is
// shown, and fails when it is too much. It reads what `npm run build` wrote.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** About a second on a phone with 3G. */
const MAX_BYTES = 250_000;

/** The page that is shown first; the frame around it is in the entry. */
const FIRST = 'src/pages/overview/overview.tsx';

const BUILT = join(import.meta.dirname, '../packages/server/ui');
const MANIFEST = join(BUILT, '.vite/manifest.json');

interface Chunk {
  readonly file: string;
  /** Keys of the chunks that are loaded together with this one. */
  readonly imports?: readonly string[];
}

if (!existsSync(MANIFEST)) throw new Error('The pages are not built: npm run build');
const chunks = JSON.parse(readFileSync(MANIFEST, 'utf8')) as Readonly<Record<string, Chunk>>;

const needed = new Set<string>();
need('index.html');
need(FIRST);

const bytes = [...needed].reduce((sum, file) => sum + sizeOf(file), 0);
const kB = (size: number) => `${Math.round(size / 1000)} kB`;
console.log(
  `${kB(bytes)} of JavaScript at the first paint (gzip, ${needed.size} files); allowed are ${kB(MAX_BYTES)}.`,
);
if (bytes > MAX_BYTES) process.exitCode = 1;

function need(key: string): void {
  const chunk = chunks[key];
  if (chunk === undefined) throw new Error(`${key} is not in the build.`);
  if (needed.has(chunk.file)) return;
  needed.add(chunk.file);
  for (const other of chunk.imports ?? []) need(other);
}

function sizeOf(file: string): number {
  return gzipSync(readFileSync(join(BUILT, file))).length;
}
