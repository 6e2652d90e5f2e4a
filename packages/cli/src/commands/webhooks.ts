import type { Checked, Webhook } from '@posthorn/sdk';
import { type Command, Option } from 'commander';
import { type Show, showFields, showTable, showText } from '../show.ts';
import { readActions, readId } from '../values.ts';
import type { Work } from '../work.ts';

interface CreateOptions {
  readonly actions: string[];
  readonly location?: number;
  readonly description?: string;
  readonly concurrency?: number;
  readonly off?: true;
}

export function addWebhooks(program: Command, { client, show }: Work): void {
  const webhooks = program.command('webhooks').description('what somebody asked for');

  webhooks
    .command('list')
    .description('all webhooks')
    .option('--location <id>', 'those of one location', readId)
    .option('--action <action>', 'those that take an action')
    .action(async (filter: { location?: number; action?: string }) => {
      const found = await client()
        .webhooks.list({ ...filter, pageSize: 500 })
        .take(Infinity);
      showTable(show(), found, COLUMNS);
    });

  webhooks
    .command('create <name> <url>')
    .description('create a webhook')
    .requiredOption('--actions <list>', 'such as BookingCreate,BookingDelete, or all', readActions)
    .option('--location <id>', 'one location; otherwise all', readId)
    .option('--description <text>')
    .option('--concurrency <count>', 'calls at once', readId)
    .option('--off', 'switched off to begin with')
    .action(async (name: string, url: string, { off, ...options }: CreateOptions) => {
      showWebhook(
        show(),
        await client().webhooks.create({ ...options, name, url, active: off !== true }),
      );
    });

  webhooks
    .command('show')
    .description('one webhook')
    .argument('<id>', 'its id', readId)
    .action(async (id: number) => {
      const found = await client().webhooks.get(id);
      showWebhook(show(), found, { waiting: found.waiting });
    });

  webhooks
    .command('on')
    .description('switch a webhook on')
    .argument('<id>', 'its id', readId)
    .addOption(
      new Option('--held <what>', 'what becomes of what was held')
        .choices(['send', 'drop'])
        .default('send'),
    )
    .action(async (id: number, { held }: { held: 'send' | 'drop' }) => {
      showWebhook(show(), await client().webhooks.change(id, { active: true, held }));
    });

  webhooks
    .command('off')
    .description('switch a webhook off; what comes is held')
    .argument('<id>', 'its id', readId)
    .action(async (id: number) => {
      showWebhook(show(), await client().webhooks.change(id, { active: false }));
    });

  webhooks
    .command('delete')
    .description('delete a webhook; what waits for it is cancelled')
    .argument('<id>', 'its id', readId)
    .action(async (id: number) => {
      await client().webhooks.delete(id);
      showText(show(), `Webhook ${id} is deleted.`);
    });

  webhooks
    .command('test')
    .description('send a sample record to a webhook')
    .argument('<id>', 'its id', readId)
    .option('--action <action>', "default: the webhook's first one")
    .action(async (id: number, options: { action?: string }) => {
      const sent = await client().webhooks.test(id, options);
      const { event, delivery } = sent;
      showFields(show(), sent, { event, delivery, ...warningOf(sent) });
    });
}

const COLUMNS = {
  ID: ({ id }: Webhook) => id,
  NAME: ({ name }: Webhook) => name,
  STATE: ({ state }: Webhook) => state,
  ERRORS: ({ errorCount }: Webhook) => errorCount,
  LOCATION: ({ location }: Webhook) => location ?? 'all',
  ACTIONS: ({ actions }: Webhook) => actionsOf(actions),
  URL: ({ url }: Webhook) => url,
};

function actionsOf(actions: readonly string[]): string {
  if (actions[0] === '*') return 'all';
  return actions.length > 1 ? `${actions[0]} +${actions.length - 1}` : (actions[0] ?? '');
}

/** What is worth a look, as a field. */
function warningOf({ warnings = [] }: Checked): Record<string, string> {
  return warnings.length === 0 ? {} : { warning: warnings.map(({ detail }) => detail).join(' ') };
}

function showWebhook(
  show: Show,
  webhook: Webhook & Checked,
  more: Record<string, number> = {},
): void {
  showFields(show, webhook, {
    id: webhook.id,
    name: webhook.name,
    url: webhook.url,
    actions: webhook.actions[0] === '*' ? 'all' : webhook.actions.join(', '),
    location: webhook.location ?? 'all',
    description: webhook.description,
    state: webhook.state,
    'disabled because': webhook.disabledReason,
    'failed calls': webhook.errorCount,
    'last error': webhook.lastError,
    'last call': webhook.lastTrigger,
    created: webhook.createdAt,
    ...more,
    ...warningOf(webhook),
  });
}
