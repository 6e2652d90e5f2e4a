import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { PageTitle } from '../../parts/page-title.tsx';
import { PagedTable } from '../../parts/paged-table.tsx';
import { peopleQuery } from '../../queries/people.ts';
import { texts } from '../../texts/texts.ts';
import { columnsOf } from './columns.tsx';
import { type Asked, PeopleDialog } from './people-dialog.tsx';

/** Who may sign in; for operators. */
export function People() {
  const list = useInfiniteQuery(peopleQuery);
  const [asked, setAsked] = useState<Asked | null>(null);
  const columns = useMemo(() => columnsOf(setAsked), []);

  return (
    <>
      <PageTitle title={texts.people.title} lead={texts.people.lead}>
        <Button leftSection={<IconPlus size={16} />} onClick={() => setAsked({ what: 'add' })}>
          {texts.people.add}
        </Button>
      </PageTitle>
      <PagedTable
        label={texts.people.title}
        columns={columns}
        rowKey={({ id }) => id}
        list={list}
        // Whoever reads this is somebody.
        empty={null}
      />
      {asked !== null && <PeopleDialog asked={asked} onAsk={setAsked} />}
    </>
  );
}
