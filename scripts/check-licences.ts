// Says which packages that run in production may not be given on under our own licence, from the
// lock file alone: no network is asked.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Locked {
  readonly license?: string;
  readonly version?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly link?: boolean;
}

/** Licences that ask for no more than to be named (SPDX). */
const ALLOWED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'PostgreSQL',
  'Unlicense',
]);

const ROOT = join(import.meta.dirname, '..');
const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
  packages: Readonly<Record<string, Locked>>;
};
const production = Object.entries(packages).filter(
  ([path, { dev, devOptional, link }]) =>
    path.includes('node_modules/') && !dev && !devOptional && !link,
);

const problems = production
  .map(([path, { license, version }]) => ({ path, version, license: license ?? licenceAt(path) }))
  .filter(({ license }) => !isAllowed(license))
  .map(({ path, version, license }) => `${path} ${version}: ${license}`);

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
else console.log(`${production.length} packages, all under licences that are allowed here.`);

/** Of `A OR B` one is enough, of `A AND B` both are needed. */
function isAllowed(expression: string): boolean {
  return expression
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((all) => all.split(' AND ').every((licence) => ALLOWED.has(licence.trim())));
}

/** Some old packages say it in their own file only. */
function licenceAt(path: string): string {
  try {
    const { license } = JSON.parse(
      readFileSync(join(ROOT, path, 'package.json'), 'utf8'),
    ) as Locked;
    return license ?? 'no licence';
  } catch {
    return 'no licence, and not installed';
  }
}
