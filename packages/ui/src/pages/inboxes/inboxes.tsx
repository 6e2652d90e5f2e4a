import { Button } from '@mantine/core';
import type { ListedInbox } from '@posthorn/sdk';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { posthorn } from '../../api/client.ts';
import { useLive } from '../../api/live.ts';
import { useReadAgain } from '../../api/read-again.ts';
import type { Column } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { Time } from '../../parts/time.tsx';
import { VisibleText } from '../../parts/visible-text/visible-text.tsx';
import { inboxesQuery } from '../../queries/inboxes.ts';
import { useMay } from '../../queries/session.ts';
import { tellProblem } from '../../parts/tell-problem.ts';
import { texts } from '../../texts/texts.ts';
import styles from './inboxes.module.css';
import { secretInWords } from './secret-in-words.ts';

const route = getRouteApi('/in/inboxes');
const words = texts.inboxes;

const COLUMNS: readonly Column<ListedInbox>[] = [
  {
    key: 'url',
    header: words.columns.url,
    cell: ({ id, url }) => (
      <>
        <Link to="/inboxes/$inbox" params={{ inbox: id }}>
          {words.open(id)}
        </Link>
        <div className={styles.url}>
          <VisibleText text={url} />
        </div>
      </>
    ),
  },
  {
    key: 'requests',
    header: words.columns.requests,
    width: '6.5rem',
    cell: ({ requests }) => requests,
  },
  {
    key: 'last',
    header: words.columns.last,
    width: '11rem',
    from: 'tablet',
    cell: ({ lastRequestAt }) => <Time at={lastRequestAt} />,
  },
  {
    key: 'secret',
    header: words.columns.secret,
    width: '13rem',
    from: 'desktop',
    cell: ({ secretScope }) => secretInWords(secretScope),
  },
  {
    key: 'created',
    header: words.columns.created,
    width: '11rem',
    from: 'desktop',
    cell: ({ createdAt }) => <Time at={createdAt} />,
  },
];

/** The receivers that people made here to try webhooks out. */
export function Inboxes() {
  const list = useInfiniteQuery(inboxesQuery);
  useLive({ kinds: ['request'] }, useReadAgain(inboxesQuery.queryKey));
  return (
    <>
      <PageTitle title={words.title} lead={words.lead}>
        {list.data?.length !== 0 && <MakeInbox />}
      </PageTitle>
      <PagedTable
        label={words.title}
        columns={COLUMNS}
        rowKey={({ id }) => id}
        list={list}
        empty={
          <EmptyState title={words.emptyTitle} action={<MakeInbox />}>
            {words.empty}
          </EmptyState>
        }
      />
    </>
  );
}

function MakeInbox() {
  const navigate = route.useNavigate();
  const queryClient = useQueryClient();
  const mayCreate = useMay('webhooks:write');
  const make = useMutation({
    mutationFn: () => posthorn.inboxes.create(),
    async onSuccess({ id }) {
      void queryClient.invalidateQueries({ queryKey: ['inboxes'] });
      await navigate({ to: '/inboxes/$inbox', params: { inbox: id } });
    },
    onError: tellProblem,
  });
  if (!mayCreate) return null;
  return (
    <Button loading={make.isPending} onClick={() => make.mutate()}>
      {words.create}
    </Button>
  );
}
