import { getRouteApi } from '@tanstack/react-router';
import { DeliveryLog } from '../../parts/deliveries/delivery-log.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { isFiltered } from '../../parts/filters/is-filtered.ts';
import { LinkButton } from '../../parts/link-button.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { texts } from '../../texts/texts.ts';
import { Filters } from './filters.tsx';

const route = getRouteApi('/in/deliveries');
const words = texts.deliveries;

/** The log of everything that was sent, or is going to be. */
export function Deliveries() {
  const filter = route.useSearch();
  return (
    <>
      <PageTitle title={words.title} lead={words.lead} />
      <DeliveryLog filter={filter} empty={isFiltered(filter) ? <NothingFits /> : <NothingYet />}>
        <Filters filter={filter} />
      </DeliveryLog>
    </>
  );
}

function NothingFits() {
  return <EmptyState title={words.nothingFitsTitle}>{words.nothingFits}</EmptyState>;
}

function NothingYet() {
  return (
    <EmptyState
      title={words.emptyTitle}
      action={<LinkButton to="/webhooks">{words.toWebhooks}</LinkButton>}
    >
      {words.empty}
    </EmptyState>
  );
}
