import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RowDefinition } from './bench.ts';
import type { Machine } from './machine.ts';
import type { Options } from './options.ts';

/** Everything that a run found; what is published is made of it. */
export interface Results {
  readonly machine: Machine;
  readonly options: Options;
  /** That the run took. */
  readonly seconds: number;
  readonly rows: readonly Row[];
  readonly raw: readonly RawFigure[];
}

/** A row as it was measured, or why it was not. */
export interface Row extends RowDefinition {
  readonly bench: string;
  readonly samples: readonly number[];
  readonly note: string | null;
  /** Null if it was measured. */
  readonly missing: string | null;
}

/** A figure as it was measured, before anything was made of it. */
export interface RawFigure {
  readonly bench: string;
  readonly what: string;
  readonly figures: object;
  /** When it was known, from the start of the run. */
  readonly atSeconds: number;
  /** Of the minute before it was known. */
  readonly loadAverage: number;
}

/** Writes `DIR/2026-02-03T14-00-00.json` and returns its path. */
export function writeResults(dir: string, results: Results): string {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, `${fileNameOf(results.machine)}.json`);
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`);
  return file;
}

/** Those of an earlier run. */
export function readResults(file: string): Results {
  return JSON.parse(readFileSync(file, 'utf8')) as Results;
}

/** What the files of a run are called. */
export function fileNameOf({ startedAt }: Machine): string {
  return startedAt.slice(0, 19).replaceAll(':', '-');
}
