import type { Row } from './recipe.ts';

/** All that is to be told of a run, in markdown. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map((row) =>
    [
      row.recipe,
      row.engine,
      count(row.faults),
      count(row.accepted),
      row.isLossExpected ? `(${count(row.lost)})` : count(row.lost),
      row.isLossExpected
        ? `(${count(row.duplicates)})`
        : `${count(row.duplicates)} (≤ ${count(row.inFlight)})`,
      seconds(row.longestGapMs),
      seconds(row.slowestAnswerMs),
      row.violations.length === 0 ? 'kept' : `**${row.violations.length} broken**`,
      row.notes.join('; '),
    ].join(' | '),
  );
  const sum = (of: (row: Row) => number) => count(rows.reduce((all, row) => all + of(row), 0));
  const total = [
    '**all**',
    '',
    sum((row) => row.faults),
    sum((row) => row.accepted),
    sum((row) => (row.isLossExpected ? 0 : row.lost)),
    `${sum((row) => (row.isLossExpected ? 0 : row.duplicates))} (≤ ${sum((row) => row.inFlight)})`,
    seconds(Math.max(0, ...rows.map((row) => row.longestGapMs))),
    seconds(Math.max(0, ...rows.map((row) => row.slowestAnswerMs))),
    rows.every((row) => row.violations.length === 0) ? 'kept' : '**broken**',
    `${sum((row) => row.seconds)} s`,
  ].join(' | ');
  return [
    '| recipe | engine | faults | accepted | lost | duplicates (in flight) | longest gap | slowest answer | promises | |',
    '|---|---|---:|---:|---:|---:|---:|---:|---|---|',
    ...[...lines, total].map((line) => `| ${line} |`),
  ].join('\n');
}

function count(n: number): string {
  return Math.round(n).toLocaleString('en');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
