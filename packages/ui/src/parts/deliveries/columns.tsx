import { Checkbox } from '@mantine/core';
import type { Delivery } from '@posthorn/sdk';
import { Link } from '@tanstack/react-router';
import { texts } from '../../texts/texts.ts';
import type { Column } from '../data-table.tsx';
import { LocationName } from '../location-name.tsx';
import { Time } from '../time.tsx';
import { VisibleText } from '../visible-text/visible-text.tsx';
import styles from './delivery-log.module.css';
import { DeliveryStateBadge } from './delivery-state-badge.tsx';
import type { Selection } from './use-selection.ts';

const { columns: headers, ...words } = texts.deliveries;

interface ColumnsInput {
  /** False where all rows are of one webhook. */
  readonly hasWebhook: boolean;
  /** Null: nothing can be chosen. */
  readonly selection: Selection | null;
}

/** One row of the log. */
export function columnsOf({ hasWebhook, selection }: ColumnsInput): readonly Column<Delivery>[] {
  return [
    ...(selection === null ? [] : [choice(selection)]),
    { key: 'state', header: headers.state, cell: (row) => <DeliveryStateBadge delivery={row} /> },
    {
      key: 'action',
      header: headers.action,
      cell: ({ id, action, test, createdAt }) => (
        <>
          <Link to="/deliveries/$delivery" params={{ delivery: id }}>
            {action}
          </Link>
          {test && <span className={styles.test}>{words.test}</span>}
          <div className={styles.onPhone}>
            <Time at={createdAt} />
          </div>
        </>
      ),
    },
    ...(hasWebhook ? [WEBHOOK] : []),
    {
      key: 'location',
      header: headers.location,
      from: 'desktop',
      width: '10rem',
      cell: ({ location }) => <LocationName id={location} ofNone={texts.parts.noLocation} />,
    },
    {
      key: 'attempts',
      header: headers.attempts,
      from: 'tablet',
      width: '5rem',
      cell: ({ attempts }) => attempts,
    },
    {
      key: 'createdAt',
      header: headers.createdAt,
      from: 'tablet',
      width: '7.5rem',
      cell: ({ createdAt }) => <Time at={createdAt} />,
    },
  ];
}

const WEBHOOK: Column<Delivery> = {
  key: 'webhook',
  header: headers.webhook,
  from: 'tablet',
  cell: ({ webhook, webhookName }) => (
    <Link to="/webhooks/$webhook" params={{ webhook: String(webhook) }}>
      <VisibleText text={webhookName} foldAfter={200} />
    </Link>
  ),
};

function choice(selection: Selection): Column<Delivery> {
  return {
    key: 'choice',
    width: '2.75rem',
    header: (
      <Checkbox
        size="xs"
        aria-label={words.selectAll}
        checked={selection.isAll}
        indeterminate={selection.ids.size > 0 && !selection.isAll}
        onChange={selection.toggleAll}
      />
    ),
    cell: ({ id, action, webhookName }) => (
      <Checkbox
        size="xs"
        aria-label={words.selectOne(action, webhookName)}
        checked={selection.ids.has(id)}
        onChange={() => selection.toggle(id)}
      />
    ),
  };
}
