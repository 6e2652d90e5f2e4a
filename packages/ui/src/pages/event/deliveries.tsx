import type { Delivery } from '@posthorn/sdk';
import { Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { DeliveryStateBadge } from '../../parts/deliveries/delivery-state-badge.tsx';
import { Time } from '../../parts/time.tsx';
import { VisibleText } from '../../parts/visible-text/visible-text.tsx';
import { texts } from '../../texts/texts.ts';

const { columns: headers, ...words } = texts.event;

const COLUMNS: readonly Column<Delivery>[] = [
  {
    key: 'webhook',
    header: headers.webhook,
    cell: ({ id, webhookName }) => (
      <Link to="/deliveries/$delivery" params={{ delivery: id }}>
        <VisibleText text={webhookName} foldAfter={200} />
      </Link>
    ),
  },
  {
    key: 'state',
    header: headers.state,
    cell: (delivery) => <DeliveryStateBadge delivery={delivery} />,
  },
  {
    key: 'attempts',
    header: headers.attempts,
    from: 'tablet',
    width: '8rem',
    cell: ({ attempts }) => attempts,
  },
  {
    key: 'endedAt',
    header: headers.endedAt,
    from: 'tablet',
    width: '12rem',
    cell: ({ endedAt }) => (endedAt === null ? words.notYet : <Time at={endedAt} />),
  },
];

/** Which webhooks the event goes to, and how far it got. */
export function Deliveries({ deliveries }: { readonly deliveries: readonly Delivery[] }) {
  if (deliveries.length === 0) return <Text c="dimmed">{words.noDeliveries}</Text>;
  return (
    <DataTable
      label={words.deliveries}
      columns={COLUMNS}
      rows={deliveries}
      rowKey={({ id }) => id}
      more={null}
    />
  );
}
