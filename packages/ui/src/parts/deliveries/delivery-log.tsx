import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { deliveriesQuery, type DeliveryFilter } from '../../queries/deliveries.ts';
import { may, sessionQuery } from '../../queries/session.ts';
import { texts } from '../../texts/texts.ts';
import { DataTable } from '../data-table.tsx';
import { FailedState } from '../failed-state.tsx';
import { LoadingRows } from '../loading-rows.tsx';
import { columnsOf } from './columns.tsx';
import styles from './delivery-log.module.css';
import { LiveSwitch } from './live-switch.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { useLiveDeliveries } from './use-live-deliveries.ts';
import { useSelection } from './use-selection.ts';

interface DeliveryLogProps {
  readonly filter: DeliveryFilter;
  /** What narrows the list, at its head. */
  readonly children: ReactNode;
  /** Stands in its place when nothing fits. */
  readonly empty: ReactNode;
  /** Called when something happened to a delivery, or to the webhook that all of them are of. */
  readonly onNews?: () => void;
}

/** Deliveries as they happen; several can be sent again at once. */
export function DeliveryLog({ filter, children, empty, onNews }: DeliveryLogProps) {
  const list = useInfiniteQuery(deliveriesQuery(filter));
  const rows = list.data?.pages.flatMap((page) => page.items);
  const [isPaused, setPaused] = useState(false);
  const isConnected = useLiveDeliveries({ filter, isPaused, onNews });
  const { data: session } = useQuery(sessionQuery);
  const selection = useSelection(rows ?? []);

  return (
    <>
      <div className={styles.head}>
        <div className={styles.filters}>{children}</div>
        <LiveSwitch isPaused={isPaused} isConnected={isConnected} onChange={setPaused} />
      </div>
      {list.isError && rows === undefined && (
        <FailedState error={list.error} onAgain={() => void list.refetch()} />
      )}
      {list.isPending && <LoadingRows />}
      {rows?.length === 0 && empty}
      {rows !== undefined && rows.length > 0 && (
        <DataTable
          label={texts.deliveries.title}
          columns={columnsOf({
            hasWebhook: filter.webhook === undefined,
            selection: may(session, 'deliveries:resend') ? selection : null,
          })}
          rows={rows}
          rowKey={({ id }) => id}
          more={list}
        />
      )}
      {selection.ids.size > 0 && <SelectionBar selection={selection} />}
    </>
  );
}
