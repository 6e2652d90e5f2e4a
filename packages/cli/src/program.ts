import { createClient } from '@posthorn/sdk';
import { Command, Option } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { addActions } from './commands/actions.ts';
import { addAudit } from './commands/audit.ts';
import { addDeliveries } from './commands/deliveries.ts';
import { addEvents } from './commands/events.ts';
import { addInbox } from './commands/inbox.ts';
import { addKeys } from './commands/keys.ts';
import { addNotices } from './commands/notices.ts';
import { addPeople } from './commands/people.ts';
import { addSecrets } from './commands/secrets.ts';
import { addSigningKey } from './commands/signing-key.ts';
import { addWebhooks } from './commands/webhooks.ts';
import { UsageError } from './values.ts';
import type { Work } from './work.ts';

/** What the process gives the program. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly write: (text: string) => unknown;
  readonly stdin: NodeJS.ReadableStream;
}

/** All commands. Parsing rejects with a `CommanderError`, `UsageError` or `PosthornError`. */
export function buildProgram({ env, write, stdin }: Terminal): Command {
  const program = new Command('posthorn')
    .description('Posthorn in the terminal: webhooks, events and what became of them.')
    .version(packageJson.version)
    .addOption(urlOption(env))
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .showHelpAfterError('(posthorn --help shows what there is)')
    .exitOverride();

  const work: Work = {
    client() {
      const { url } = program.opts<{ url: string }>();
      const key = env['POSTHORN_API_KEY'];
      try {
        return createClient({ url, ...(key && { key }) });
      } catch (error) {
        throw new UsageError((error as Error).message);
      }
    },
    show: () => ({ json: program.opts<{ json?: true }>().json === true, write }),
    stdin,
  };
  for (const add of COMMANDS) add(program, work);
  return program;
}

const COMMANDS = [
  addWebhooks,
  addEvents,
  addDeliveries,
  addInbox,
  addSecrets,
  addKeys,
  addPeople,
  addActions,
  addNotices,
  addSigningKey,
  addAudit,
];

const HELP = `
The key is read from POSTHORN_API_KEY, so that it stands in no list of processes.
Exit codes: 0 done, 1 refused or not reached, 2 not understood.`;

function urlOption(env: Terminal['env']): Option {
  const url = env['POSTHORN_URL'];
  return new Option('--url <url>', 'where Posthorn is (or POSTHORN_URL)').default(
    url === undefined || url === '' ? 'http://127.0.0.1:4665' : url,
  );
}
