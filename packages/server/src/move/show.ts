import type { ComparedTable, MoveProgress } from './move.ts';

/** Where lines go: standard output, as far as it is needed. */
export interface Lines {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Between two lines of one table: a terminal shows them in one place, a log keeps each. */
const TERMINAL_MS = 200;
const LOG_MS = 5000;

const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** Shows a move as lines of text: a line per table now and then, and a table of what was compared. */
export function showMove(
  out: Lines,
  now = () => performance.now(),
): MoveProgress & {
  /** The move stopped: what is written next begins a line of its own. */
  interrupted(): void;
} {
  const everyMs = out.isTTY ? TERMINAL_MS : LOG_MS;
  let current: { step: 'copy' | 'compare'; name: string; total: number; before: number } | null =
    null;
  let done = 0;
  let startedAt = 0;
  let shownAt = 0;

  const end = (): void => {
    if (!current || current.total === 0) return;
    // What is over is over: the number of rows is that of the table.
    done = current.total;
    out.write(`${out.isTTY ? '\r' : ''}${line()}\n`);
    current = null;
  };

  return {
    table(step, name, total, before) {
      end();
      current = { step, name, total, before };
      done = before;
      startedAt = now();
      shownAt = startedAt;
    },
    rows(count) {
      done = count;
      if (now() - shownAt < everyMs) return;
      shownAt = now();
      out.write(out.isTTY ? `\r${line()}` : `${line()}\n`);
    },
    compared(tables) {
      end();
      out.write(`\n${comparison(tables)}`);
    },
    interrupted() {
      if (current && out.isTTY) out.write('\n');
    },
  };

  function line(): string {
    const { step, name, total, before } = current!;
    const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
    const rate = (done - before) / Math.max((now() - startedAt) / 1000, 0.001);
    const left = total - done;
    const rest =
      left > 0 && rate > 0
        ? `${number.format(rate)}/s, ${number.format(left)} left, ${inWords(left / rate)}`
        : done > before
          ? `${number.format(rate)}/s`
          : '';
    const text = `${step.padEnd(7)}  ${name.padEnd(18)} ${number.format(total).padStart(13)} rows ${String(percent).padStart(3)} %  ${rest}`;
    return out.isTTY ? text.padEnd(90) : text.trimEnd();
  }
}

function inWords(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
}

function comparison(tables: readonly ComparedTable[]): string {
  const rows = [
    ['table', 'SQLite', 'PostgreSQL', 'content'],
    ...tables.map(({ name, from, to, isEqual }) => [
      name,
      number.format(from),
      number.format(to),
      isEqual ? 'equal' : 'DIFFERENT',
    ]),
  ];
  return rows
    .map(
      ([name = '', from = '', to = '', content = '']) =>
        `${name.padEnd(18)} ${from.padStart(13)} ${to.padStart(13)}  ${content}\n`,
    )
    .join('');
}
