import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ListedWebhook } from '../../queries/webhooks.ts';
import { texts } from '../../texts/texts.ts';
import type { Column } from '../data-table.tsx';
import { LocationName } from '../location-name.tsx';
import { Time } from '../time.tsx';
import { VisibleText } from '../visible-text/visible-text.tsx';
import { WebhookStateBadge } from '../webhook-state/webhook-state-badge.tsx';
import { DaySparkline } from './day-sparkline.tsx';
import styles from './columns.module.css';

const { columns: headers, ...words } = texts.webhooks;

/** Longer errors are folded, so that a row stays a row. */
const FOLD_AFTER = 160;
/** As long as names and URLs can be; they are cut by the cell. */
const WHOLE = 2048;

/** One row of the list. */
export const COLUMNS: readonly Column<ListedWebhook>[] = [
  {
    key: 'name',
    header: headers.name,
    cell: ({ id, name, url }) => (
      <>
        <Link to="/webhooks/$webhook" params={{ webhook: String(id) }} className={styles.name}>
          <VisibleText text={name} foldAfter={WHOLE} />
        </Link>
        <Text size="sm" c="dimmed" component="div" lineClamp={2}>
          <VisibleText text={url} foldAfter={WHOLE} />
        </Text>
      </>
    ),
  },
  {
    key: 'state',
    header: headers.state,
    cell: ({ waiting, nextAttemptAt, ...webhook }) => (
      <>
        <WebhookStateBadge webhook={webhook} waiting={waiting} nextAttemptAt={nextAttemptAt} />
        {webhook.lastError !== null && webhook.state !== 'healthy' && (
          <Text size="sm" c="dimmed" component="div">
            {words.lastError} <VisibleText text={webhook.lastError} foldAfter={FOLD_AFTER} />
          </Text>
        )}
      </>
    ),
  },
  {
    key: 'actions',
    header: headers.actions,
    from: 'tablet',
    width: '15%',
    cell: ({ actions }) => <Actions actions={actions} />,
  },
  {
    key: 'location',
    header: headers.location,
    from: 'desktop',
    width: '12%',
    cell: ({ location }) => <LocationName id={location} />,
  },
  {
    key: 'day',
    header: headers.day,
    from: 'tablet',
    width: '8.5rem',
    cell: ({ day }) => <DaySparkline day={day} />,
  },
  {
    key: 'lastTrigger',
    header: headers.lastTrigger,
    from: 'desktop',
    width: '8.5rem',
    cell: ({ lastTrigger }) => <Time at={lastTrigger} isBrief />,
  },
];

/** The first action by its name, and how many there are besides. */
function Actions({ actions }: { readonly actions: readonly string[] }) {
  const [first, ...others] = actions;
  if (first === undefined || first === '*') return words.everyAction;
  return (
    <span title={actions.join(', ')}>
      {first}
      {others.length > 0 && ` ${words.moreActions(others.length)}`}
    </span>
  );
}
