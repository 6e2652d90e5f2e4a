import type { Options } from './options.ts';
import type { Results } from './results.ts';
import { count, targetOf, valuesOf } from './table.ts';

/** What a reader who has a minute is told, in the words of somebody who has not read the rest. */
const PICKED: Readonly<Record<string, (options: Options) => string>> = {
  'sqlite-64': () => 'one per POST, 64 connections',
  'sqlite-256': () => 'one per POST, 256 connections',
  'sqlite-by-100': () => 'by 100 records, 8 connections',
  'postgres-1-node': () => 'one per POST, 64 connections, on PostgreSQL',
  'bare-undici': () => 'for comparison, a bare undici loop: no intake, no store, no log',
  bullmq: () => 'for comparison, a BullMQ sender: no intake over HTTP, no events kept',
  'latency-p50': () => 'from report to first byte at the receiver, at 1,000 events/s: median',
  'latency-p99': () => 'the same: p99',
  'stored-share': ({ stored }) =>
    `with ${count(stored)} stored deliveries, of the speed with an empty store`,
  'waiting-share': ({ waiting }) =>
    `with ${count(waiting)} due behind one dead receiver, of the same`,
  'stored-start': ({ stored }) =>
    `from start to listening, with ${count(stored)} stored deliveries`,
  'memory-idle': () => 'memory when idle',
  'memory-64': () => 'memory at full rate, 64 connections, at most',
  'memory-256': () => 'memory at full rate, 256 connections, at most',
};

/** The figures of a run that a README shows, with where they come from. */
export function renderSummary({ machine, options, rows }: Results): string {
  const lines = Object.entries(PICKED).flatMap(([name, label]) => {
    const row = rows.find((one) => one.name === name);
    if (!row || row.missing !== null) return [];
    const { middle, range } = valuesOf(row);
    return [`| ${label(options)} | ${middle} | ${range} | ${targetOf(row)} |`];
  });
  return [
    `Measured on ${machine.startedAt.slice(0, 10)} at commit ${machine.commit}: ${machine.cpus}, ` +
      `${machine.memoryGb} GB, Node ${machine.node.slice(1)}; load average before the run ` +
      `${machine.loadBefore[0]}. Medians of ${options.rounds} rounds. Where nothing else is said the ` +
      'store is SQLite.',
    '',
    '| what | measured | range | target |',
    '| --- | --: | --: | --: |',
    ...lines,
  ].join('\n');
}
