import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import type { PostedEvent, ReportedEvent } from '@posthorn/sdk';
import type { Command } from 'commander';
import { showTable } from '../show.ts';
import { readId, UsageError } from '../values.ts';
import type { Work } from '../work.ts';

interface ReportInput {
  readonly location?: number;
  readonly idempotencyKey?: string;
  readonly lines?: true;
}

export function addEvents(program: Command, { client, show, stdin }: Work): void {
  const events = program.command('events').description('what took place');

  events
    .command('report')
    .description('report that an action took place')
    .argument('<action>', 'its name or value')
    .argument('<file>', 'the record as JSON; - reads the standard input')
    .option('--location <id>', 'where it took place', readId)
    .option('--idempotency-key <key>', 'makes it safe to report again (default: a new one)')
    .option('--lines', 'the file has one record per line, at most 1,000')
    .action(async (action: string, file: string, { lines, ...options }: ReportInput) => {
      const { events: api } = client();
      // The record goes as the bytes that it is: no digit changes.
      const bytes = file === '-' ? await buffer(stdin) : await read(file);
      const given = { idempotencyKey: randomUUID(), ...options };
      const reported = lines
        ? await api.reportMany(action, linesOf(bytes), given)
        : [await api.report(action, bytes, given)];
      showTable(show(), reported, REPORTED);
    });

  events
    .command('list')
    .description('what took place, newest first')
    .option('--action <action>')
    .option('--location <id>', 'at one location', readId)
    .option('--from <time>', 'from a time on, such as 2026-03-10T09:00:00Z')
    .option('--to <time>')
    .option('--limit <count>', 'how many', readId, 20)
    .action(async ({ limit, ...filter }: { limit: number }) => {
      showTable(show(), await client().events.list(filter).take(limit), COLUMNS);
    });
}

const REPORTED = {
  EVENT: ({ id }: ReportedEvent) => id,
  DELIVERIES: ({ deliveries }: ReportedEvent) => deliveries,
};

const COLUMNS = {
  EVENT: ({ id }: PostedEvent) => id,
  ACTION: ({ action }: PostedEvent) => action,
  LOCATION: ({ location }: PostedEvent) => location,
  TIME: ({ createdAt }: PostedEvent) => createdAt,
  DELIVERIES: ({ deliveries }: PostedEvent) => deliveries,
  TEST: ({ test }: PostedEvent) => (test ? 'test' : null),
};

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** The lines as bytes, without the empty ones. */
function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf('\n', start);
    const end = found === -1 ? bytes.length : found;
    const line = bytes.subarray(start, end);
    if (line.toString().trim() !== '') lines.push(line);
    start = end + 1;
  }
  return lines;
}
