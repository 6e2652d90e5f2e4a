import { loadavg } from 'node:os';
import type { Bench, Figures } from './bench.ts';
import type { Machine } from './machine.ts';
import type { Options } from './options.ts';
import type { RawFigure, Results, Row } from './results.ts';
import { Missing, type Servers } from './servers.ts';

export interface RunOrder {
  readonly benches: readonly Bench[];
  readonly options: Options;
  readonly machine: Machine;
  readonly servers: Servers;
  /** Called after each bench, with all that was measured so far: a run that is cut off keeps that. */
  readonly keep: (results: Results) => void;
}

/**
 * Runs benches one after the other. None of them takes away what the others give: what failed is
 * told, is said in its rows, and makes the process end with 1.
 */
export async function runBenches(order: RunOrder): Promise<Results> {
  const { benches, options, machine, servers, keep } = order;
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 1000);
  const rows: Row[] = [];
  const raw: RawFigure[] = [];
  const results = (): Results => ({ machine, options, seconds: seconds(), rows, raw });
  for (const bench of benches) {
    rows.push(...(await rowsOf(bench)));
    keep(results());
  }
  return results();

  async function rowsOf(bench: Bench): Promise<Row[]> {
    const failures: string[] = [];
    const failed = (error: Error) => {
      failures.push(error.message);
      if (error instanceof Missing) return;
      process.stderr.write(`${bench.name} failed: ${error.stack}\n`);
      process.exitCode = 1;
    };
    let figures: Readonly<Record<string, Figures>> = {};
    try {
      figures = await bench.run({
        options,
        servers,
        failed,
        record(what, one) {
          const when = { atSeconds: seconds(), loadAverage: loadavg()[0]! };
          raw.push({ bench: bench.name, what, figures: one, ...when });
          process.stderr.write(`${bench.name}: ${what} ${JSON.stringify(one)}\n`);
        },
      });
    } catch (error) {
      failed(error as Error);
    }
    const reason = failures[0] ?? 'the bench gave no figure';
    return bench.rows(options).map((row) => {
      const { samples = [], note = null } = figures[row.name] ?? {};
      const isShort = samples.length < options.rounds;
      const short = `${samples.length} of ${options.rounds} rounds: ${reason}`;
      return {
        ...row,
        bench: bench.name,
        samples,
        note: isShort && samples.length > 0 ? [note, short].filter(Boolean).join('; ') : note,
        missing: samples.length > 0 ? null : reason,
      };
    });
  }
}
