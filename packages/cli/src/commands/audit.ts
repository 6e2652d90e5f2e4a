import type { AuditEntry } from '@posthorn/sdk';
import type { Command } from 'commander';
import { showLines, showTable } from '../show.ts';
import { readId } from '../values.ts';
import type { Work } from '../work.ts';

interface Filter {
  readonly what?: string;
  readonly who?: string;
  readonly from?: string;
  readonly to?: string;
}

export function addAudit(program: Command, { client, show }: Work): void {
  const audit = program.command('audit').description('who changed what, for operators');
  const filtered = (command: Command) =>
    command
      .option('--what <kind>', 'such as webhook.changed')
      .option('--who <id>', 'the id of a key or a person, configured, system or unknown')
      .option('--from <time>', 'such as 2026-03-01T00:00:00Z')
      .option('--to <time>', 'up to, and without');

  filtered(audit.command('list').description('newest first'))
    .option('--limit <count>', 'how many', readId, 20)
    .action(async ({ limit, ...filter }: Filter & { limit: number }) =>
      showTable(show(), await client().audit.list(filter).take(limit), COLUMNS),
    );

  filtered(
    audit.command('export').description('all that matches, as one JSON object per line'),
  ).action((filter: Filter) => showLines(show(), client().audit.export(filter)));
}

const COLUMNS = {
  TIME: ({ at }: AuditEntry) => at,
  WHO: ({ who }: AuditEntry) => `${who.name} (${who.id})`,
  FROM: ({ address }: AuditEntry) => address,
  WHAT: ({ what }: AuditEntry) => what,
  SUBJECT: ({ subject }: AuditEntry) => subject,
  DETAILS: ({ details }: AuditEntry) => JSON.stringify(details),
};
