import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { EmptyState } from '../../parts/empty-state.tsx';
import { isFiltered } from '../../parts/filters/is-filtered.ts';
import { PageTitle } from '../../parts/page-title.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
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
  const hasFilter = isFiltered(filter);

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
      <Filters filter={filter} />
      <PagedTable
        label={words.title}
        columns={COLUMNS}
        rowKey={({ id }) => id}
        list={list}
        empty={
          <EmptyState title={hasFilter ? words.nothingFitsTitle : words.emptyTitle}>
            {hasFilter ? words.nothingFits : words.empty}
          </EmptyState>
        }
      />
    </>
  );
}
