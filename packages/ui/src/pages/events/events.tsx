import { Switch } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { EmptyState } from '../../parts/empty-state.tsx';
import { isFiltered } from '../../parts/filters/is-filtered.ts';
import { LinkButton } from '../../parts/link-button.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { eventsQuery } from '../../queries/events.ts';
import { useMay } from '../../queries/session.ts';
import { texts } from '../../texts/texts.ts';
import { COLUMNS } from './columns.tsx';
import styles from './events.module.css';
import { Filters } from './filters.tsx';
import { FindById } from './find-by-id.tsx';
import { Follow } from './follow.tsx';

const route = getRouteApi('/in/events');
const words = texts.events;

/** What took place, newest first, as it takes place. */
export function Events() {
  const filter = route.useSearch();
  const list = useInfiniteQuery(eventsQuery(filter));
  const [isFollowing, setFollowing] = useState(true);
  const mayReport = useMay('events:write');

  return (
    <>
      <PageTitle title={words.title} lead={words.lead}>
        {mayReport && <ReportButton action={filter.action} />}
      </PageTitle>
      <Filters filter={filter} />
      <div className={styles.bar}>
        <FindById />
        <div className={styles.live}>
          {isFollowing && <Follow key={JSON.stringify(filter)} filter={filter} />}
          <Switch
            label={words.follow}
            checked={isFollowing}
            onChange={({ currentTarget }) => setFollowing(currentTarget.checked)}
          />
        </div>
      </div>
      <PagedTable
        label={words.title}
        columns={COLUMNS}
        rowKey={({ id }) => id}
        list={list}
        empty={<Nothing isFiltered={isFiltered(filter)} mayReport={mayReport} />}
      />
    </>
  );
}

function ReportButton({ action }: { readonly action: string | undefined }) {
  return (
    <LinkButton to="/events/report" search={{ action }}>
      {words.report}
    </LinkButton>
  );
}

function Nothing(props: { readonly isFiltered: boolean; readonly mayReport: boolean }) {
  if (props.isFiltered) {
    return <EmptyState title={words.nothingFitsTitle}>{words.nothingFits}</EmptyState>;
  }
  return (
    <EmptyState
      title={words.emptyTitle}
      action={
        props.mayReport && (
          <LinkButton to="/events/report" variant="default">
            {words.report}
          </LinkButton>
        )
      }
    >
      {words.empty}
    </EmptyState>
  );
}
