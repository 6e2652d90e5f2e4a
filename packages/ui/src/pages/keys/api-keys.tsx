import { Button, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { PagedTable } from '../../parts/paged-table.tsx';
import { Section } from '../../parts/section.tsx';
import { appsQuery } from '../../queries/apps.ts';
import { keysQuery } from '../../queries/keys.ts';
import { texts } from '../../texts/texts.ts';
import { columnsOf } from './columns.tsx';
import type { Ask } from './keys-dialog.tsx';

/** The keys in force. */
export function ApiKeys({ onAsk }: { readonly onAsk: Ask }) {
  const list = useInfiniteQuery(keysQuery);
  const { data: apps } = useQuery(appsQuery);
  const columns = useMemo(() => columnsOf(apps ?? [], onAsk), [apps, onAsk]);

  return (
    <Section
      title={texts.keys.keys}
      action={
        <Button leftSection={<IconPlus size={16} />} onClick={() => onAsk({ what: 'create-key' })}>
          {texts.keys.create}
        </Button>
      }
    >
      <PagedTable
        label={texts.keys.keys}
        columns={columns}
        rowKey={({ id }) => id}
        list={list}
        empty={<Text c="dimmed">{texts.keys.empty}</Text>}
      />
    </Section>
  );
}
