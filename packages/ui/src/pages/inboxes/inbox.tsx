import { PosthornError } from '@posthorn/sdk';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useLive } from '../../api/live.ts';
import { useReadAgain } from '../../api/read-again.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Loaded } from '../../parts/loaded.tsx';
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
  return (
    <Loaded query={inbox}>
      {({ url, secretScope }) => (
        <>
          <PageTitle title={words.open(id)} lead={words.oneLead(secretInWords(secretScope))}>
            <div className={styles.actions}>
              <BackToAll />
              <DeleteInbox id={id} />
            </div>
          </PageTitle>
          <InboxUrl url={url} />
          <Loaded query={requests}>
            {(rows) =>
              rows.length === 0 ? (
                <NothingYet url={url} />
              ) : (
                <div className={styles.columns}>
                  <RequestList rows={rows} more={requests} isListening={isListening} />
                  <RequestDetail rows={rows} />
                </div>
              )
            }
          </Loaded>
        </>
      )}
    </Loaded>
  );
}

function BackToAll() {
  return <Link to="/inboxes">{words.back}</Link>;
}
