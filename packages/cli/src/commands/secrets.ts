import { text } from 'node:stream/consumers';
import type { SecretScope } from '@posthorn/sdk';
import type { Command } from 'commander';
import { showFields } from '../show.ts';
import { readScope, UsageError } from '../values.ts';
import type { Work } from '../work.ts';

export function addSecrets(program: Command, { client, show, stdin }: Work): void {
  const secrets = program.command('secrets').description('shared secrets, which sign the calls');

  secrets
    .command('set')
    .description('set the secret of a scope; it is read from the standard input')
    .argument('<scope>', 'default, location:ID or app:ID', readScope)
    .option('--overlap <duration>', 'how long the secret until now goes on signing (default 24h)')
    .action(async (scope: SecretScope, given: { overlap?: string }) => {
      // Not an argument: those stand in the list of processes and in the shell's history.
      const secret = (await text(stdin)).replace(/\r?\n$/, '');
      if (secret === '') throw new UsageError('the standard input has no secret');
      const state = await client().secrets.set(scope, secret, given);
      showFields(show(), state, {
        scope: state.scope,
        'set at': state.setAt,
        'old one until': state.previousUntil,
        ...(state.warning !== undefined && { warning: state.warning }),
      });
    });
}
