import { Button, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { DataTable } from '../../parts/data-table.tsx';
import { FailedState } from '../../parts/failed-state.tsx';
import { Section } from '../../parts/section.tsx';
import { appsQuery, keysQuery } from '../../queries/keys.ts';
import { texts } from '../../texts/texts.ts';
import { columnsOf } from './columns.tsx';
import type { Ask } from './keys-dialog.tsx';

/** The keys in force. */
export function ApiKeys({ onAsk }: { readonly onAsk: Ask }) {
  const list = useInfiniteQuery(keysQuery);
  const { data: apps } = useQuery(appsQuery);
  const columns = useMemo(() => columnsOf(apps ?? [], onAsk), [apps, onAsk]);
  const rows = list.data?.pages.flatMap((page) => page.items);

  return (
    <Section
      title={texts.keys.keys}
      action={
        <Button leftSection={<IconPlus size={16} />} onClick={() => onAsk({ what: 'create-key' })}>
          {texts.keys.create}
        </Button>
      }
    >
      {list.isError && rows === undefined && (
        <FailedState error={list.error} onAgain={() => void list.refetch()} />
      )}
      {rows?.length === 0 && <Text c="dimmed">{texts.keys.empty}</Text>}
      {rows !== undefined && rows.length > 0 && (
        <DataTable
          label={texts.keys.keys}
          columns={columns}
          rows={rows}
          rowKey={({ id }) => id}
          more={list}
        />
      )}
    </Section>
  );
}
