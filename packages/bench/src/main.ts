/**
 * `npm run bench`: every row of the targets in one run, as a table and as a JSON file with all raw
 * figures. Talks to this machine only and ends what it started. `docs/performance.md` says what
 * each row means.
 */
import { resolve } from 'node:path';
import type { Bench } from './bench.ts';
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
import { writeIntoPage } from './publish.ts';
import { fileNameOf, readResults, type Results, writeResults } from './results.ts';
import { runBenches } from './run.ts';
import { openServers } from './servers.ts';
import { renderTable } from './table.ts';

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
const results = options.from === null ? await run() : readResults(options.from);
process.stdout.write(`${renderTable(results)}\n`);
for (const page of options.write) writeIntoPage(page, results);

async function run(): Promise<Results> {
  const machine = describeMachine(args);
  const profiles = resolve(options.results, `${fileNameOf(machine)}-profiles`);
  const nodeFlags = options.profile ? ['--cpu-prof', `--cpu-prof-dir=${profiles}`] : [];
  const servers = openServers(options.redis, nodeFlags);
  const stop = async () => {
    await endAll();
    await servers.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void stop().then(() => process.exit(1)));
  let file = '';
  const keep = (sofar: Results) => (file = writeResults(options.results, sofar));
  try {
    return await runBenches({ benches, options, machine, servers, keep });
  } finally {
    await stop();
    process.stderr.write(`All figures are in ${file}\n`);
    if (options.profile) process.stderr.write(`CPU profiles are in ${profiles}\n`);
  }
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
