import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { FailedState } from '../../parts/failed-state.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { auditExportUrl, auditQuery } from '../../queries/audit.ts';
import { texts } from '../../texts/texts.ts';
import { COLUMNS } from './columns.tsx';
import { Filters } from './filters.tsx';

const words = texts.audit;
const route = getRouteApi('/in/settings/audit');

/** Who changed what; for operators. */
export function Audit() {
  const filter = route.useSearch();
  const list = useInfiniteQuery(auditQuery(filter));
  const rows = list.data?.pages.flatMap((page) => page.items);
  const isFiltered = Object.values(filter).some((value) => value !== undefined);

  return (
    <>
      <PageTitle title={words.title} lead={words.lead}>
        <Button
          component="a"
          href={auditExportUrl(filter)}
          download="audit.ndjson"
          variant="default"
          leftSection={<IconDownload size={16} />}
          title={words.exportHint}
        >
          {words.export}
        </Button>
      </PageTitle>
      <Filters filter={filter} isFiltered={isFiltered} />
      {list.isError && rows === undefined && (
        <FailedState error={list.error} onAgain={() => void list.refetch()} />
      )}
      {rows?.length === 0 && (
        <EmptyState title={isFiltered ? words.nothingFitsTitle : words.emptyTitle}>
          {isFiltered ? words.nothingFits : words.empty}
        </EmptyState>
      )}
      {rows !== undefined && rows.length > 0 && (
        <DataTable
          label={words.title}
          columns={COLUMNS}
          rows={rows}
          rowKey={({ id }) => id}
          more={list}
        />
      )}
    </>
  );
}
