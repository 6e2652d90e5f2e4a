import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { FailedState } from '../../parts/failed-state.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { webhooksQuery } from '../../queries/webhooks.ts';
import { texts } from '../../texts/texts.ts';
import { COLUMNS } from './columns.tsx';
import { Filters } from './filters.tsx';

const route = getRouteApi('/in/webhooks');

/** The webhooks, with how each of them fares. */
export function Webhooks() {
  const filter = route.useSearch();
  const list = useInfiniteQuery(webhooksQuery(filter));
  const rows = list.data?.pages.flatMap((page) => page.items);
  const isFiltered = Object.values(filter).some((value) => value !== undefined);

  return (
    <>
      <PageTitle title={texts.webhooks.title} lead={texts.webhooks.lead} />
      {(isFiltered || rows?.length !== 0) && <Filters filter={filter} />}
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
  if (isFiltered) {
    return (
      <EmptyState title={texts.webhooks.nothingFitsTitle}>{texts.webhooks.nothingFits}</EmptyState>
    );
  }
  return <EmptyState title={texts.webhooks.emptyTitle}>{texts.webhooks.empty}</EmptyState>;
}
