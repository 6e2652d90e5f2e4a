import type { Webhook } from '@posthorn/sdk';
import { Text } from '@mantine/core';
import type { Column } from '../../parts/data-table.tsx';
import { Time } from '../../parts/time.tsx';
import { VisibleText } from '../../parts/visible-text/visible-text.tsx';
import { texts } from '../../texts/texts.ts';
import { WebhookStateBadge } from '../../parts/webhook-state/webhook-state-badge.tsx';

const { columns: headers, ...words } = texts.webhooks;

/** One row of the list. */
export const COLUMNS: readonly Column<Webhook>[] = [
  {
    key: 'name',
    header: headers.name,
    cell: ({ name }) => <VisibleText text={name} />,
  },
  {
    key: 'state',
    header: headers.state,
    cell: (webhook) => (
      <>
        <WebhookStateBadge webhook={webhook} />
        {webhook.lastError !== null && webhook.state !== 'healthy' && (
          <Text size="sm" c="dimmed" component="div">
            <VisibleText text={webhook.lastError} foldAfter={200} />
          </Text>
        )}
      </>
    ),
  },
  {
    key: 'actions',
    header: headers.actions,
    from: 'tablet',
    width: '16%',
    cell: ({ actions }) => actionsInWords(actions),
  },
  {
    key: 'url',
    header: headers.url,
    from: 'tablet',
    cell: ({ url }) => <VisibleText text={url} foldAfter={200} />,
  },
  {
    key: 'location',
    header: headers.location,
    from: 'desktop',
    width: '10rem',
    cell: ({ location }) => (location === null ? words.everyLocation : words.location(location)),
  },
  {
    key: 'lastTrigger',
    header: headers.lastTrigger,
    from: 'desktop',
    width: '11rem',
    cell: ({ lastTrigger }) => <Time at={lastTrigger} />,
  },
];

/** A single action by its name, several by their number. */
function actionsInWords(actions: readonly string[]): string {
  const [first, ...others] = actions;
  if (first === undefined || first === '*') return words.everyAction;
  return others.length === 0 ? first : words.actions(actions.length);
}
