import { useInfiniteQuery } from '@tanstack/react-query';
import { type WebhookFilter, webhooksQuery } from '../../queries/webhooks.ts';
import { texts } from '../../texts/texts.ts';
import { CreateWebhook } from '../create-webhook.tsx';
import { DataTable } from '../data-table.tsx';
import { EmptyState } from '../empty-state.tsx';
import { FailedState } from '../failed-state.tsx';
import { LoadingRows } from '../loading-rows.tsx';
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
  useLiveWebhooks(list.data?.pages.length ?? 0);
  const rows = list.data?.pages.flatMap((page) => page.items);
  const isFiltered = Object.values(filter).some((value) => value !== undefined);

  return (
    <>
      {(isFiltered || rows?.length !== 0) && <Filters filter={filter} onChange={onFilter} />}
      {list.isPending && <LoadingRows />}
      {list.isError && rows === undefined && (
        <FailedState error={list.error} onAgain={() => void list.refetch()} />
      )}
      {rows?.length === 0 && <Nothing isFiltered={isFiltered} />}
      {rows !== undefined && rows.length > 0 && (
        <DataTable
          label={texts.webhooks.title}
          columns={COLUMNS}
          rows={rows}
          rowKey={({ id }) => id}
          more={list}
        />
      )}
    </>
  );
}

function Nothing({ isFiltered }: { readonly isFiltered: boolean }) {
  const words = texts.webhooks;
  if (isFiltered) {
    return <EmptyState title={words.nothingFitsTitle}>{words.nothingFits}</EmptyState>;
  }
  return (
    <EmptyState title={words.emptyTitle} action={<CreateWebhook />}>
      {words.empty}
    </EmptyState>
  );
}
