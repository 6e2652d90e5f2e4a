import type { RowDefinition, Target } from './bench.ts';
import type { Machine } from './machine.ts';
import { median } from './statistics.ts';

/** A row as it was measured, or why it was not. */
export interface Row extends RowDefinition {
  readonly bench: string;
  readonly samples: readonly number[];
  readonly note: string | null;
  /** Null if it was measured. */
  readonly missing: string | null;
}

/** The table of a run, with its machine above it and its notes below. */
export function renderTable(rows: readonly Row[], machine: Machine): string {
  const notes = rows.flatMap((row) => (row.note === null ? [] : [`- ${row.what}: ${row.note}.`]));
  return [
    `${machine.startedAt.slice(0, 10)}, commit ${machine.commit}, Node ${machine.node.slice(1)}, ` +
      `${machine.cpus}, ${machine.memoryGb} GB, Linux ${machine.kernel}; ` +
      `load average before the run ${machine.loadBefore.join(' ')}. \`${machine.command}\``,
    '',
    '| what | median | range | target | verdict |',
    '| --- | --: | --: | --: | --- |',
    ...rows.map(renderRow),
    ...(notes.length > 0 ? ['', ...notes] : []),
  ].join('\n');
}

function renderRow(row: Row): string {
  const target = row.target ? targetText(row.target, row.unit) : '';
  if (row.missing !== null)
    return `| ${row.what} | | | ${target} | not measured: ${oneLine(row.missing)} |`;
  const middle = median(row.samples);
  const range = [Math.min(...row.samples), Math.max(...row.samples)]
    .map((value) => number(value, row.unit))
    .join(' – ');
  const verdict = row.target ? verdictOn(middle, row.target) : '';
  return `| ${row.what} | ${number(middle, row.unit)} ${row.unit} | ${range} | ${target} | ${verdict} |`;
}

/** `met`, or by how much it was not. */
export function verdictOn(value: number, target: Target): string {
  const by =
    'atLeast' in target
      ? (target.atLeast - value) / target.atLeast
      : (value - target.atMost) / target.atMost;
  return by <= 0 ? 'met' : `missed by ${Math.max(1, Math.round(by * 100))} %`;
}

/** A reason may be the whole answer of a service; a cell of a table takes a line. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('|', '/').slice(0, 100);
}

function targetText(target: Target, unit: RowDefinition['unit']): string {
  return 'atLeast' in target
    ? `≥ ${number(target.atLeast, unit)}`
    : `≤ ${number(target.atMost, unit)}`;
}

function number(value: number, unit: RowDefinition['unit']): string {
  const digits = unit === '×' || unit === 's' ? 2 : unit === 'ms' ? 1 : 0;
  return value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** `10 M`, `100,000` */
export function count(value: number): string {
  return value % 1e6 === 0 ? `${value / 1e6} M` : value.toLocaleString('en-US');
}
