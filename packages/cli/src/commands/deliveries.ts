import type { Attempt, Delivery, DeliveryState, DeliveryWithAttempts } from '@posthorn/sdk';
import { type Command, Option } from 'commander';
import { clean } from '../clean.ts';
import { type Show, showFields, showTable, showText } from '../show.ts';
import { readId } from '../values.ts';
import type { Work } from '../work.ts';

const STATES: readonly DeliveryState[] = [
  'due',
  'held',
  'sending',
  'delivered',
  'failed',
  'cancelled',
];

export function addDeliveries(program: Command, { client, show }: Work): void {
  const deliveries = program.command('deliveries').description('the log: what became of it');

  deliveries
    .command('list')
    .description('deliveries, newest first')
    .option('--webhook <id>', 'to one webhook', readId)
    .addOption(new Option('--state <state>').choices(STATES))
    .option('--action <action>')
    .option('--from <time>', 'from a time on, such as 2026-03-10T09:00:00Z')
    .option('--to <time>')
    .option('--limit <count>', 'how many', readId, 20)
    .action(async ({ limit, ...filter }: { limit: number }) => {
      showTable(show(), await client().deliveries.list(filter).take(limit), COLUMNS);
    });

  deliveries
    .command('show <id>')
    .description('one delivery with all its attempts')
    .action(async (id: string) => {
      const found = await client().deliveries.get(id);
      showDelivery(show(), found);
      for (const attempt of found.attemptLog) showText(show(), attemptText(attempt));
    });

  deliveries
    .command('resend <id>')
    .description('send it again, now')
    .action(async (id: string) => {
      showDelivery(show(), await client().deliveries.resend(id));
    });
}

const COLUMNS = {
  DELIVERY: ({ id }: Delivery) => id,
  ACTION: ({ action }: Delivery) => action,
  WEBHOOK: ({ webhook, webhookName }: Delivery) => `${webhook} ${webhookName}`,
  STATE: ({ state }: Delivery) => state,
  ATTEMPTS: ({ attempts }: Delivery) => attempts,
  CREATED: ({ createdAt }: Delivery) => createdAt,
  'NEXT ATTEMPT': ({ nextAttemptAt }: Delivery) => nextAttemptAt,
  REASON: ({ reason }: Delivery) => reason,
};

function showDelivery(show: Show, delivery: Delivery | DeliveryWithAttempts): void {
  showFields(show, delivery, {
    id: delivery.id,
    event: delivery.event,
    action: delivery.action,
    location: delivery.location,
    webhook: `${delivery.webhook} ${delivery.webhookName}`,
    state: delivery.state,
    reason: delivery.reason,
    attempts: delivery.attempts,
    created: delivery.createdAt,
    'next attempt': delivery.nextAttemptAt,
    delivered: delivery.deliveredAt,
  });
}

function attemptText({ number, startedAt, request, response, error, timings }: Attempt): string {
  const met = [
    response && `HTTP ${response.status}`,
    error && `${error.code}${error.detail === null ? '' : `: ${error.detail}`}`,
  ].filter((one) => one !== null);
  return [
    '',
    `Attempt ${number} at ${startedAt}: ${met.join(', ')} (${timings.totalMs} ms)`,
    ...block('>', `${request.method} ${request.url}`, request.headers, request.body),
    ...(response === null ? [] : block('<', '', response.headers, bodyOf(response))),
  ].join('\n');
}

/** Every line begins with our mark: what somebody sent cannot pass for what we say. */
function block(
  mark: string,
  head: string,
  headers: readonly (readonly [name: string, value: string])[],
  body: string,
): string[] {
  const lines = [
    ...(head === '' ? [] : [head]),
    ...headers.map(([name, value]) => `${name}: ${value.replaceAll(/[\r\n]+/g, ' ')}`),
    ...(body === '' ? [] : ['', ...clean(body).split('\n')]),
  ];
  return lines.map((line) => `  ${mark} ${line}`.trimEnd());
}

function bodyOf({ body, encoding, truncated }: NonNullable<Attempt['response']>): string {
  return `${encoding === 'base64' ? 'base64: ' : ''}${body}${truncated ? ' …' : ''}`;
}
