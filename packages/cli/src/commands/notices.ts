import type { Notice } from '@posthorn/sdk';
import type { Command } from 'commander';
import { showTable } from '../show.ts';
import { readId } from '../values.ts';
import type { Work } from '../work.ts';

export function addNotices(program: Command, { client, show }: Work): void {
  program
    .command('notices')
    .description('what people are told, newest first')
    .option('--webhook <id>', 'about one webhook', readId)
    .option('--limit <count>', 'how many', readId, 20)
    .action(async ({ limit, ...filter }: { limit: number; webhook?: number }) => {
      showTable(show(), await client().notices.list(filter).take(limit), COLUMNS);
    });
}

const COLUMNS = {
  TIME: ({ createdAt }: Notice) => createdAt,
  KIND: ({ kind }: Notice) => kind,
  WEBHOOK: ({ webhook }: Notice) => webhook,
  DELIVERY: ({ delivery }: Notice) => delivery,
  DETAIL: ({ detail }: Notice) => detail,
};
