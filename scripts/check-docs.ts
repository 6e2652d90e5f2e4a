// Says which links and names in the documentation lead nowhere: relative links to files that do not
// exist, statements in docs/state-machine.md that are not in the store, and recipes for receivers that
// docs/receiving.md does not show as they are.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { recipes } from '../examples/verify/recipes.ts';

const ROOT = join(import.meta.dirname, '..');
const problems: string[] = [];

for (const page of globSync(['*.md', 'docs/**/*.md', 'packages/*/*.md', 'packages/*/src/**/*.md'], {
  cwd: ROOT,
})) {
  const text = read(page).replaceAll(/```[\s\S]*?```/g, '');
  for (const [, target = ''] of text.matchAll(/(?:\]\(|src=")([^)"\s]+)[)"]/g)) {
    const [file = ''] = target.split('#');
    if (file === '' || /^[a-z]+:/.test(file)) continue;
    if (!existsSync(join(ROOT, dirname(page), file))) problems.push(`${page}: no file ${target}`);
  }
}

const statements = globSync('packages/server/src/store/{operations,postgres}/*.ts', { cwd: ROOT })
  .map((file) => read(file))
  .join('\n');
for (const [, name = ''] of read('docs/state-machine.md').matchAll(
  /`([A-Z]+_[A-Z_]+|[a-z]+[A-Z]\w+)`/g,
)) {
  const isDefined = new RegExp(`(const|function) ${name}\\b`).test(statements);
  if (!isDefined && !name.startsWith('POSTHORN_'))
    problems.push(`docs/state-machine.md: no statement ${name}`);
}

const receiving = read('docs/receiving.md').replaceAll(/ +/g, ' ');
for (const { language, file, command, ranWith } of recipes) {
  const row = `| ${language} | [${file}](../examples/verify/${file}) | \`${command}\` | ${ranWith ?? 'not run yet'} |`;
  if (!receiving.includes(row)) problems.push(`docs/receiving.md: not this row:\n  ${row}`);
}

for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}
