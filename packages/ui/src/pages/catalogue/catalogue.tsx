import { TextInput } from '@mantine/core';
import type { Action } from '@posthorn/sdk';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { findActions } from '../../parts/actions/group-actions.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { FailedState } from '../../parts/failed-state.tsx';
import { LoadingRows } from '../../parts/loading-rows.tsx';
import { PageTitle } from '../../parts/page-title.tsx';
import { actionsQuery } from '../../queries/actions.ts';
import { texts } from '../../texts/texts.ts';
import styles from './catalogue.module.css';

const route = getRouteApi('/in/catalogue');
const words = texts.catalogue;

const COLUMNS: readonly Column<Action>[] = [
  {
    key: 'label',
    header: words.columns.label,
    cell: ({ label, name }) => (
      <Link to="/catalogue/$action" params={{ action: name }}>
        {label}
      </Link>
    ),
  },
  { key: 'name', header: words.columns.name, from: 'tablet', cell: ({ name }) => name },
  { key: 'record', header: words.columns.record, cell: ({ record }) => record },
  { key: 'value', header: words.columns.value, width: '6rem', cell: ({ value }) => value },
];

/** Every action that there is. */
export function Catalogue() {
  const { q = '' } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: actions, error, refetch } = useQuery(actionsQuery);
  const rows = actions && findActions(actions, q);

  return (
    <>
      <PageTitle title={words.title} lead={words.lead} />
      <TextInput
        className={styles.search}
        type="search"
        label={words.search}
        placeholder={words.searchHint}
        value={q}
        onChange={({ currentTarget: { value } }) =>
          void navigate({ search: { q: value === '' ? undefined : value }, replace: true })
        }
      />
      {error !== null && rows === undefined && (
        <FailedState error={error} onAgain={() => void refetch()} />
      )}
      {error === null && rows === undefined && <LoadingRows />}
      {rows?.length === 0 && (
        <EmptyState title={words.nothingFitsTitle}>{words.nothingFits(q)}</EmptyState>
      )}
      {rows !== undefined && rows.length > 0 && (
        <DataTable
          label={words.title}
          columns={COLUMNS}
          rows={rows}
          rowKey={({ value }) => value}
          more={null}
        />
      )}
    </>
  );
}
