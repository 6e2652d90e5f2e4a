import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from './machine.ts';
import type { Row } from './table.ts';

const BEGIN = '<!-- bench -->';
const END = '<!-- /bench -->';

/** Puts a table into a page, in place of what is between its two markers. */
export function writeIntoPage(file: string, table: string): void {
  const page = readFileSync(file, 'utf8');
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin === -1 || end < begin) throw new Error(`${file} has no ${BEGIN} … ${END}`);
  writeFileSync(file, `${page.slice(0, begin)}${BEGIN}\n\n${table}\n\n${page.slice(end)}`);
}

/** A figure as it was measured, before anything was made of it. */
export interface RawFigure {
  readonly bench: string;
  readonly what: string;
  readonly figures: object;
  /** Of the minute before it was known. */
  readonly loadAverage: number;
}

export interface Results {
  readonly machine: Machine;
  readonly options: object;
  readonly rows: readonly Row[];
  readonly raw: readonly RawFigure[];
}

/** Writes `DIR/2026-02-03T14-00-00.json` and returns its path. */
export function writeResults(dir: string, results: Results): string {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, `${fileNameOf(results.machine)}.json`);
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  return file;
}

/** What the files of a run are called. */
export function fileNameOf({ startedAt }: Machine): string {
  return startedAt.slice(0, 19).replaceAll(':', '-');
}
