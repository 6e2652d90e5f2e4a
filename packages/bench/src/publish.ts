import { readFileSync, writeFileSync } from 'node:fs';
import type { Results } from './results.ts';
import { renderSummary } from './summary.ts';
import { renderTable } from './table.ts';

/** What a page may ask for, by the name in its two markers: `<!-- bench -->` and `<!-- /bench -->`. */
const PARTS = { bench: renderTable, numbers: renderSummary };

/** Puts a run into a page, in place of what is between its markers. */
export function writeIntoPage(file: string, results: Results): void {
  const page = readFileSync(file, 'utf8');
  let written = page;
  for (const [name, render] of Object.entries(PARTS)) {
    const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const from = written.indexOf(begin);
    const to = written.indexOf(end);
    if (from === -1 || to < from) continue;
    written = `${written.slice(0, from)}${begin}\n\n${render(results)}\n\n${written.slice(to)}`;
  }
  if (!Object.keys(PARTS).some((name) => page.includes(`<!-- ${name} -->`)))
    throw new Error(`${file} has no markers, such as <!-- bench --> … <!-- /bench -->`);
  writeFileSync(file, written);
}
