import type { Key, NewKey, Scope } from '@posthorn/sdk';
import type { Command } from 'commander';
import { type Show, showFields, showTable, showText } from '../show.ts';
import { readId } from '../values.ts';
import type { Work } from '../work.ts';

interface CreateOptions {
  /** The service says which there are. */
  readonly scopes?: (Scope | '*')[];
  readonly location?: number;
  readonly expires?: string;
}

export function addKeys(program: Command, { client, show }: Work): void {
  const keys = program.command('keys').description('keys of the API, for operators');

  keys
    .command('list')
    .description('all keys in force')
    .action(async () => showTable(show(), await client().keys.list().take(Infinity), COLUMNS));

  keys
    .command('create <name>')
    .description('make a key of an operator; it is shown once')
    .option('--scopes <list>', 'such as events:write,webhooks:read; otherwise all', readScopes)
    .option('--location <id>', 'for one location; otherwise for all', readId)
    .option('--expires <time>', 'such as 2030-01-01T00:00:00Z; otherwise never')
    .action(async (name: string, { expires, ...options }: CreateOptions) => {
      const expiresAt = expires ?? null;
      showNew(show(), await client().keys.create({ ...options, name, expiresAt }));
    });

  keys
    .command('rotate <id>')
    .description('make a successor, shown once; the old key is good for a while yet')
    .option('--overlap <duration>', 'how long, such as 24h or 0s', '24h')
    .action(async (id: string, { overlap }: { overlap: string }) =>
      showNew(show(), await client().keys.rotate(id, { overlap })),
    );

  keys
    .command('revoke <id>')
    .description('end a key now')
    .action(async (id: string) => {
      await client().keys.revoke(id);
      showText(show(), `Key ${id} is revoked.`);
    });
}

function readScopes(text: string): string[] {
  return text.split(',').map((scope) => scope.trim());
}

function showNew(show: Show, made: NewKey): void {
  showFields(show, made, { id: made.id, key: made.key, 'expires at': made.expiresAt });
}

const COLUMNS = {
  ID: ({ id }: Key) => id,
  NAME: ({ name }: Key) => name,
  APP: ({ app }: Key) => app,
  LOCATION: ({ location }: Key) => location,
  SCOPES: ({ scopes }: Key) => scopes.join(','),
  EXPIRES: ({ expiresAt }: Key) => expiresAt,
  'LAST USED': ({ lastUsedAt }: Key) => lastUsedAt,
};
