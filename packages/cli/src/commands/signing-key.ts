import type { SigningKey } from '@posthorn/sdk';
import type { Command } from 'commander';
import { type Show, showTable } from '../show.ts';
import type { Work } from '../work.ts';

export function addSigningKey(program: Command, { client, show }: Work): void {
  const signingKey = program
    .command('signing-key')
    .description('the key pair that signs every call, where that is switched on');

  signingKey
    .command('show')
    .description('the public keys that verify v1a signatures now')
    .action(async () => showKeys(show(), await client().signingKey.get()));

  signingKey
    .command('rotate')
    .description('make another pair; the one until now signs for a while yet')
    .option('--overlap <duration>', 'how long, such as 36h or 0', '24h')
    .action(async (input: { overlap: string }) =>
      showKeys(show(), await client().signingKey.rotate(input)),
    );
}

function showKeys(show: Show, { keys }: SigningKey): void {
  showTable(show, keys, COLUMNS);
}

const COLUMNS = {
  'PUBLIC KEY': ({ publicKey }: SigningKey['keys'][number]) => publicKey,
  SINCE: ({ since }: SigningKey['keys'][number]) => since,
  UNTIL: ({ until }: SigningKey['keys'][number]) => until,
};
