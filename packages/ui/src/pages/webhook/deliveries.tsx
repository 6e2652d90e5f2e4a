import { SegmentedControl, Title } from '@mantine/core';
import type { DeliveryState, WebhookWithWaiting } from '@posthorn/sdk';
import { getRouteApi } from '@tanstack/react-router';
import { DeliveryLog } from '../../parts/deliveries/delivery-log.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { texts } from '../../texts/texts.ts';
import { SHOWN } from './search.ts';
import styles from './webhook.module.css';

const route = getRouteApi('/in/webhooks/$webhook');
const words = texts.webhook;

interface DeliveriesProps {
  readonly webhook: WebhookWithWaiting;
  readonly onNews: () => void;
}

/** Its deliveries as they happen. */
export function Deliveries({ webhook: { id, active }, onNews }: DeliveriesProps) {
  const { show } = route.useSearch();
  const navigate = route.useNavigate();
  const state: DeliveryState | undefined = show === 'waiting' ? (active ? 'due' : 'held') : show;

  return (
    <section className={styles.section} aria-labelledby="deliveries">
      <Title order={2} size="h4" id="deliveries" mb="sm">
        {words.deliveries}
      </Title>
      <DeliveryLog
        filter={{ webhook: id, state }}
        onNews={onNews}
        empty={
          show === undefined ? (
            <EmptyState title={words.noDeliveriesTitle}>{words.noDeliveries}</EmptyState>
          ) : (
            <EmptyState title={words.noneInState}>{texts.deliveries.nothingFits}</EmptyState>
          )
        }
      >
        <SegmentedControl
          size="xs"
          aria-label={texts.filters.state}
          value={show ?? 'all'}
          onChange={(value) =>
            void navigate({
              search: (search) => ({
                ...search,
                show: SHOWN.find((one) => one === value),
              }),
              replace: true,
              resetScroll: false,
            })
          }
          data={[
            { value: 'all', label: words.everyState },
            { value: 'waiting', label: words.waitingState },
            ...SHOWN.filter((one) => one !== 'waiting').map((value) => ({
              value,
              label: texts.deliveries.states[value],
            })),
          ]}
        />
      </DeliveryLog>
    </section>
  );
}
