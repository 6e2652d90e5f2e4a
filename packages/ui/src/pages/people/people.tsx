import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { DataTable } from '../../parts/data-table.tsx';
import { FailedState } from '../../parts/failed-state.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { peopleQuery } from '../../queries/people.ts';
import { texts } from '../../texts/texts.ts';
import { columnsOf } from './columns.tsx';
import { type Asked, PeopleDialog } from './people-dialog.tsx';

/** Who may sign in; for operators. */
export function People() {
  const list = useInfiniteQuery(peopleQuery);
  const [asked, setAsked] = useState<Asked | null>(null);
  const columns = useMemo(() => columnsOf(setAsked), []);
  const rows = list.data?.pages.flatMap((page) => page.items);

  return (
    <>
      <PageTitle title={texts.people.title} lead={texts.people.lead}>
        <Button leftSection={<IconPlus size={16} />} onClick={() => setAsked({ what: 'add' })}>
          {texts.people.add}
        </Button>
      </PageTitle>
      {list.isError && rows === undefined && (
        <FailedState error={list.error} onAgain={() => void list.refetch()} />
      )}
      {rows !== undefined && (
        <DataTable
          label={texts.people.title}
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          more={list}
        />
      )}
      {asked !== null && <PeopleDialog asked={asked} onAsk={setAsked} />}
    </>
  );
}
