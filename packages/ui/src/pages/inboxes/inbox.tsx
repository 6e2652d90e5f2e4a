import { PosthornError } from '@posthorn/sdk';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useLive } from '../../api/live.ts';
import { useReadAgain } from '../../api/read-again.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { FailedState } from '../../parts/failed-state.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { inboxQuery, inboxRequestsQuery } from '../../queries/inboxes.ts';
import { texts } from '../../texts/texts.ts';
import { DeleteInbox } from './delete-inbox.tsx';
import { InboxUrl } from './inbox-url.tsx';
import styles from './inboxes.module.css';
import { NothingYet } from './nothing-yet.tsx';
import { RequestDetail } from './request-detail.tsx';
import { RequestList } from './request-list.tsx';
import { secretInWords } from './secret-in-words.ts';

const route = getRouteApi('/in/inboxes/$inbox');
const words = texts.inboxes;

/** One inbox: what arrives there, as it arrives. */
export function InboxPage() {
  const { inbox: id } = route.useParams();
  const inbox = useQuery(inboxQuery(id));
  const requests = useInfiniteQuery(inboxRequestsQuery(id));
  const readAgain = useReadAgain(inboxRequestsQuery(id).queryKey);
  const isListening = useLive({ kinds: ['request'], inbox: id }, readAgain);

  if (
    inbox.error instanceof PosthornError &&
    inbox.error.status !== null &&
    inbox.error.status < 500
  ) {
    return (
      <EmptyState title={words.gone} isPage action={<BackToAll />}>
        {words.goneLead}
      </EmptyState>
    );
  }
  if (inbox.data === undefined) {
    return inbox.error && <FailedState error={inbox.error} onAgain={() => void inbox.refetch()} />;
  }
  const rows = requests.data;
  return (
    <>
      <PageTitle title={words.open(id)} lead={words.oneLead(secretInWords(inbox.data.secretScope))}>
        <div className={styles.actions}>
          <BackToAll />
          <DeleteInbox id={id} />
        </div>
      </PageTitle>
      <InboxUrl url={inbox.data.url} />
      {requests.isError && rows === undefined && (
        <FailedState error={requests.error} onAgain={() => void requests.refetch()} />
      )}
      {rows?.length === 0 && <NothingYet url={inbox.data.url} />}
      {rows !== undefined && rows.length > 0 && (
        <div className={styles.columns}>
          <RequestList rows={rows} more={requests} isListening={isListening} />
          <RequestDetail rows={rows} />
        </div>
      )}
    </>
  );
}

function BackToAll() {
  return <Link to="/inboxes">{words.back}</Link>;
}
