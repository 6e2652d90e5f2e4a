import { useInfiniteQuery } from '@tanstack/react-query';
import { PAGE_SIZE } from '../../queries/paged.ts';
import { type WebhookFilter, webhooksQuery } from '../../queries/webhooks.ts';
import { texts } from '../../texts/texts.ts';
import { CreateWebhook } from '../create-webhook.tsx';
import { EmptyState } from '../empty-state.tsx';
import { isFiltered } from '../filters/is-filtered.ts';
import { PagedTable } from '../paged-table.tsx';
import { COLUMNS } from './columns.tsx';
import { Filters } from './filters.tsx';
import { useLiveWebhooks } from './use-live-webhooks.ts';

interface WebhookListProps {
  /** Kept by the page, in its address. */
  readonly filter: WebhookFilter;
  readonly onFilter: (filter: WebhookFilter) => void;
}

/** The webhooks that fit, with how each of them fares, as it changes. */
export function WebhookList({ filter, onFilter }: WebhookListProps) {
  const list = useInfiniteQuery(webhooksQuery(filter));
  const rows = list.data?.length;
  useLiveWebhooks(Math.ceil((rows ?? 0) / PAGE_SIZE));
  const hasFilter = isFiltered(filter);

  return (
    <>
      {(hasFilter || rows !== 0) && <Filters filter={filter} onChange={onFilter} />}
      <PagedTable
        label={texts.webhooks.title}
        columns={COLUMNS}
        rowKey={({ id }) => id}
        list={list}
        empty={<Nothing hasFilter={hasFilter} />}
      />
    </>
  );
}

function Nothing({ hasFilter }: { readonly hasFilter: boolean }) {
  const words = texts.webhooks;
  if (hasFilter) {
    return <EmptyState title={words.nothingFitsTitle}>{words.nothingFits}</EmptyState>;
  }
  return (
    <EmptyState title={words.emptyTitle} action={<CreateWebhook />}>
      {words.empty}
    </EmptyState>
  );
}
