/**
 * `npm run bench`: every row of the targets in one run, as a table and as a JSON file with all raw
 * figures. Talks to this machine only and ends what it started. `docs/performance.md` says what
 * each row means.
 */
import { loadavg } from 'node:os';
import { resolve } from 'node:path';
import type { Bench, Figures } from './bench.ts';
import { bullmq, graphileWorker, pgBoss } from './benches/peers.ts';
import { isolation } from './benches/isolation.ts';
import { latency } from './benches/latency.ts';
import { memory } from './benches/memory.ts';
import { postgres } from './benches/postgres.ts';
import { sqlite } from './benches/sqlite.ts';
import { stored } from './benches/stored.ts';
import { waiting } from './benches/waiting.ts';
import { describeMachine } from './machine.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { endAll } from './processes.ts';
import { fileNameOf, type RawFigure, writeIntoPage, writeResults } from './publish.ts';
import { Missing, openServers } from './servers.ts';
import { renderTable, type Row } from './table.ts';

const BENCHES: readonly Bench[] = [
  sqlite,
  bullmq,
  postgres,
  pgBoss,
  graphileWorker,
  latency,
  isolation,
  stored,
  waiting,
  memory,
];

const args = process.argv.slice(2);
if (args.includes('--help')) {
  process.stdout.write(usage());
  process.exit();
}
const options = orUsage(() => readOptions(args));
const benches = orUsage(() => selected(options));
const machine = describeMachine(args);
const raw: RawFigure[] = [];
const rows: Row[] = [];
const profiles = resolve(options.results, `${fileNameOf(machine)}-profiles`);
const nodeFlags = options.profile ? ['--cpu-prof', `--cpu-prof-dir=${profiles}`] : [];
const servers = openServers(options.redis, nodeFlags);

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void stop().then(() => process.exit(1)));
try {
  for (const bench of benches) rows.push(...(await measured(bench)));
} finally {
  await stop();
}
const table = renderTable(rows, machine);
const file = writeResults(options.results, { machine, options, rows, raw });
process.stdout.write(`${table}\n\nAll figures are in ${file}\n`);
if (options.profile) process.stdout.write(`CPU profiles are in ${profiles}\n`);
if (options.write !== null) writeIntoPage(options.write, table);

async function stop(): Promise<void> {
  await endAll();
  await servers.stop();
}

/** All rows of a bench, also if it fails: then each says why it has no figure. */
async function measured(bench: Bench): Promise<Row[]> {
  let figures: Readonly<Record<string, Figures>> = {};
  let missing = 'the bench gave no figure';
  try {
    figures = await bench.run({
      options,
      servers,
      record(what, one) {
        raw.push({ bench: bench.name, what, figures: one, loadAverage: loadavg()[0]! });
        process.stderr.write(`${bench.name}: ${what} ${JSON.stringify(one)}\n`);
      },
    });
  } catch (error) {
    missing = (error as Error).message;
    if (!(error instanceof Missing)) {
      process.stderr.write(`${bench.name} failed: ${(error as Error).stack}\n`);
      process.exitCode = 1;
    }
  }
  return bench.rows(options).map((row) => {
    const { samples = [], note = null } = figures[row.name] ?? {};
    return {
      ...row,
      bench: bench.name,
      samples,
      note,
      missing: samples.length > 0 ? null : missing,
    };
  });
}

function selected({ names }: Options): readonly Bench[] {
  const unknown = names.find((name) => !BENCHES.some((bench) => bench.name === name));
  if (unknown !== undefined) throw new Error(`There is no bench ${unknown}.`);
  return names.length === 0 ? BENCHES : BENCHES.filter((bench) => names.includes(bench.name));
}

function orUsage<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage()}`);
    process.exit(2);
  }
}

function usage(): string {
  return `${USAGE}\nBenches: ${BENCHES.map((bench) => bench.name).join(', ')}\n`;
}
