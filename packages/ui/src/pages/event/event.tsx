import { Badge, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useLive } from '../../api/live.ts';
import { isNotFound } from '../../api/problems.ts';
import { useReadAgain } from '../../api/read-again.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { FailedState } from '../../parts/failed-state.tsx';
import { JsonView } from '../../parts/json/json-view.tsx';
import { LoadingRows } from '../../parts/loading-rows.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { eventQuery, recordQuery } from '../../queries/events.ts';
import { texts } from '../../texts/texts.ts';
import { Deliveries } from './deliveries.tsx';
import styles from './event.module.css';
import { Facts } from './facts.tsx';

const route = getRouteApi('/in/events/$event');
const words = texts.event;

/** One event: its record, and what became of it at every webhook that it goes to. */
export function Event() {
  const { event: id } = route.useParams();
  const { data: event, error, refetch } = useQuery(eventQuery(id));
  const readAgain = useReadAgain(eventQuery(id).queryKey);
  useLive({ kinds: ['delivery'] }, ({ kind, data }) => {
    if (kind === 'missed' || (kind === 'delivery' && data.event === id)) readAgain();
  });

  if (error !== null && event === undefined) {
    return isNotFound(error) ? (
      <NoSuchEvent />
    ) : (
      <FailedState error={error} onAgain={() => void refetch()} />
    );
  }
  if (event === undefined) {
    return (
      <>
        <PageTitle title={words.title} />
        <LoadingRows />
      </>
    );
  }
  return (
    <>
      <PageTitle title={event.action} back={<Back />}>
        {event.test && (
          <Badge variant="default" size="lg">
            {texts.events.test}
          </Badge>
        )}
      </PageTitle>
      <Facts event={event} />
      <Title order={2} size="h4" className={styles.heading}>
        {words.deliveries}
      </Title>
      <Deliveries deliveries={event.deliveries} />
      <Title order={2} size="h4" className={styles.heading}>
        {words.record}
      </Title>
      <Record id={id} />
    </>
  );
}

function Record({ id }: { readonly id: string }) {
  const query = useQuery(recordQuery(id));
  return (
    <Loaded query={query}>{(record) => <JsonView text={record} label={words.record} />}</Loaded>
  );
}

function Back() {
  return <Link to="/events">{words.back}</Link>;
}

function NoSuchEvent() {
  return (
    <EmptyState isPage title={words.noneTitle} action={<Back />}>
      {words.none}
    </EmptyState>
  );
}
