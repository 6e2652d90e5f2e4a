import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { deliveriesQuery, type DeliveryFilter } from '../../queries/deliveries.ts';
import { useMay } from '../../queries/session.ts';
import { texts } from '../../texts/texts.ts';
import { PagedTable } from '../paged-table.tsx';
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
  const [isPaused, setPaused] = useState(false);
  const isConnected = useLiveDeliveries({ filter, isPaused, onNews });
  const mayResend = useMay('deliveries:resend');
  const selection = useSelection(list.data ?? []);

  return (
    <>
      <div className={styles.head}>
        <div className={styles.filters}>{children}</div>
        <LiveSwitch isPaused={isPaused} isConnected={isConnected} onChange={setPaused} />
      </div>
      <PagedTable
        label={texts.deliveries.title}
        columns={columnsOf({
          hasWebhook: filter.webhook === undefined,
          selection: mayResend ? selection : null,
        })}
        rowKey={({ id }) => id}
        list={list}
        empty={empty}
      />
      {selection.ids.size > 0 && <SelectionBar selection={selection} />}
    </>
  );
}
