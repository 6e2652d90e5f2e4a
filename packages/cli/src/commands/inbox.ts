import type { InboxRequest, SecretScope } from '@posthorn/sdk';
import type { Command } from 'commander';
import { showFields, showTable } from '../show.ts';
import { readId, readScope } from '../values.ts';
import type { Work } from '../work.ts';

export function addInbox(program: Command, { client, show }: Work): void {
  const inbox = program.command('inbox').description('receivers inside Posthorn, to try it out');

  inbox
    .command('create')
    .description('create an inbox; its URL is for a webhook')
    .option('--secret-scope <scope>', 'whose secret requests are checked with', readScope)
    .action(async (options: { secretScope?: SecretScope }) => {
      const created = await client().inboxes.create(options);
      showFields(show(), created, { id: created.id, url: created.url });
    });

  inbox
    .command('requests <id>')
    .description('what arrived, newest first')
    .option('--limit <count>', 'how many', readId, 20)
    .action(async (id: string, { limit }: { limit: number }) => {
      showTable(show(), await client().inboxes.requests(id).take(limit), COLUMNS);
    });
}

const COLUMNS = {
  NUMBER: ({ number }: InboxRequest) => number,
  TIME: ({ receivedAt }: InboxRequest) => receivedAt,
  ACTION: ({ headers }: InboxRequest) =>
    headers.find(([name]) => name.toLowerCase() === 'posthorn-action')?.[1],
  NEXUDUS: ({ signature }: InboxRequest) => signature.nexudus,
  STANDARD: ({ signature }: InboxRequest) => signature.standard,
  BODY: ({ body }: InboxRequest) => (body.length > 60 ? `${body.slice(0, 59)}…` : body),
};
