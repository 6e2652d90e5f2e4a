import type { RowDefinition, Target } from './bench.ts';
import type { Results, Row } from './results.ts';
import { median } from './statistics.ts';

/** The table of a run, with its machine above it and its notes below. */
export function renderTable({
  rows,
  machine,
  seconds,
}: Pick<Results, 'rows' | 'machine' | 'seconds'>): string {
  const notes = rows.flatMap((row) => (row.note === null ? [] : [`- ${row.what}: ${row.note}.`]));
  return [
    `${machine.startedAt.slice(0, 10)}, commit ${machine.commit}, Node ${machine.node.slice(1)}, ` +
      `${machine.cpus}, ${machine.memoryGb} GB, Linux ${machine.kernel}; ` +
      `load average before the run ${machine.loadBefore.join(' ')}. ` +
      `\`${machine.command}\` took ${Math.ceil(seconds / 60)} min.`,
    '',
    '| what | median | range | target | verdict |',
    '| --- | --: | --: | --: | --- |',
    ...rows.map(renderRow),
    ...(notes.length > 0 ? ['', ...notes] : []),
  ].join('\n');
}

function renderRow(row: Row): string {
  const target = targetOf(row);
  if (row.missing !== null)
    return `| ${row.what} | | | ${target} | not measured: ${oneLine(row.missing)} |`;
  const { middle, range } = valuesOf(row);
  const verdict = row.target ? verdictOn(median(row.samples), row.target) : '';
  return `| ${row.what} | ${middle} | ${range} | ${target} | ${verdict} |`;
}

/** `10,534 events/s` and `8,400 – 10,600` */
export function valuesOf({ samples, unit }: Row): { middle: string; range: string } {
  const range = [Math.min(...samples), Math.max(...samples)].map((value) => number(value, unit));
  return { middle: `${number(median(samples), unit)} ${unit}`, range: range.join(' – ') };
}

/** `≥ 12,000`, or nothing. */
export function targetOf({ target, unit }: RowDefinition): string {
  if (!target) return '';
  return 'atLeast' in target
    ? `≥ ${number(target.atLeast, unit)}`
    : `≤ ${number(target.atMost, unit)}`;
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
